package main

import (
	"context"
	"errors"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
)

const claude = "claude-sonnet-4-5"

func anthropicClient(key string, retries int) anthropic.Client {
	return anthropic.NewClient(
		option.WithBaseURL(gateway), option.WithAPIKey(key), option.WithMaxRetries(retries))
}

func messageParams(model, text string) anthropic.MessageNewParams {
	return anthropic.MessageNewParams{
		Model:     anthropic.Model(model),
		MaxTokens: 100,
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(text))},
	}
}

// anthropicFails wants a call to fail with this status, its message to contain this code.
func anthropicFails(key string, retries int, params anthropic.MessageNewParams, status int, code string) error {
	client := anthropicClient(key, retries)
	_, err := client.Messages.New(context.Background(), params)
	var failure *anthropic.Error
	if !errors.As(err, &failure) {
		return errors.New("no anthropic.Error")
	}
	if failure.StatusCode != status {
		return expect(false, "%d", failure.StatusCode)
	}
	return contains(failure.RawJSON(), code)
}

func anthropicMessages() {
	s := suite{"anthropic-sdk-go", "github.com/anthropics/anthropic-sdk-go"}
	background := context.Background()
	client := anthropicClient(token, 0)
	hello := messageParams(claude, "Hello there")

	s.prove("chat", func() error {
		answer, err := client.Messages.New(background, hello)
		if err != nil {
			return err
		}
		return contains(answer.Content[0].Text, said)
	})

	s.prove("chat, streamed", func() error {
		stream := client.Messages.NewStreaming(background, hello)
		defer stream.Close()
		message := anthropic.Message{}
		for stream.Next() {
			if err := message.Accumulate(stream.Current()); err != nil {
				return err
			}
		}
		if err := stream.Err(); err != nil {
			return err
		}
		return contains(message.Content[0].Text, said)
	})

	s.prove("tools", func() error {
		params := messageParams(claude, "Weather?")
		weather := anthropic.ToolParam{
			Name: "get_weather",
			InputSchema: anthropic.ToolInputSchemaParam{
				Properties: map[string]any{"city": map[string]string{"type": "string"}},
			},
		}
		params.Tools = []anthropic.ToolUnionParam{{OfTool: &weather}}
		asked, err := client.Messages.New(background, params)
		if err != nil {
			return err
		}
		last := asked.Content[len(asked.Content)-1]
		params.Messages = append(params.Messages, asked.ToParam(),
			anthropic.NewUserMessage(anthropic.NewToolResultBlock(last.ID, "sunny", false)))
		answer, err := client.Messages.New(background, params)
		if err != nil {
			return err
		}
		return contains(answer.Content[0].Text, "The tool said: sunny")
	})

	s.prove("token count", func() error {
		count, err := client.Messages.CountTokens(background, anthropic.MessageCountTokensParams{
			Model: claude, Messages: hello.Messages,
		})
		if err != nil {
			return err
		}
		return expect(count.InputTokens > 0, "%d tokens", count.InputTokens)
	})

	s.prove("model list", func() error {
		models, err := client.Models.List(background, anthropic.ModelListParams{})
		if err != nil {
			return err
		}
		return expect(len(models.Data) > 0, "no model")
	})

	s.prove("401: revoked key", func() error {
		return anthropicFails(revoked, 0, hello, 401, "ERR_NGROK_27007")
	})

	s.prove("403: another endpoint's key", func() error {
		return anthropicFails(elsewhere, 0, hello, 403, "ERR_NGROK_27008")
	})

	s.prove("429: tries again when told to", func() error {
		model := claude + "-sim-status-429-sim-retry-after-1s-anthropic-go"
		return retriesWhenTold(model, func() error {
			return anthropicFails(token, 1, messageParams(model, "Hello there"), 429, "")
		})
	})

	s.prove("413: body too large", func() error {
		return anthropicFails(token, 0, messageParams(claude, tooLarge), 413, "")
	})

	s.prove("503: no provider answers", func() error {
		return anthropicFails(token, 0, messageParams(claude+"-sim-status-500", "Hello there"), 503, "")
	})

	s.prove("a cancelled stream stops the provider", func() error {
		model := claude + "-sim-chunks-100000-sim-slow-5ms-anthropic-go"
		stream := client.Messages.NewStreaming(background, messageParams(model, "Hello there"))
		if !stream.Next() {
			return stream.Err()
		}
		stream.Close()
		return untilCancelled(model)
	})
}
