package main

import (
	"context"
	"errors"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"
)

func openAIClient(key string, retries int) openai.Client {
	return openai.NewClient(
		option.WithBaseURL(gateway+"/v1/"), option.WithAPIKey(key), option.WithMaxRetries(retries))
}

func chatParams(model, text string) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{
		Model:    model,
		Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)},
	}
}

// openAIFails wants a call to fail with this status, and with this code when it is not empty.
func openAIFails(key string, retries int, params openai.ChatCompletionNewParams, status int, code string) error {
	client := openAIClient(key, retries)
	_, err := client.Chat.Completions.New(context.Background(), params)
	var failure *openai.Error
	if !errors.As(err, &failure) {
		return errors.New("no openai.Error")
	}
	return expect(failure.StatusCode == status && (code == "" || failure.Code == code),
		"%d %s", failure.StatusCode, failure.Code)
}

func openAI() {
	s := suite{"openai-go", "github.com/openai/openai-go/v3"}
	background := context.Background()
	client := openAIClient(token, 0)
	hello := chatParams("gpt-4o", "Hello there")

	s.prove("chat", func() error {
		answer, err := client.Chat.Completions.New(background, hello)
		if err != nil {
			return err
		}
		return contains(answer.Choices[0].Message.Content, said)
	})

	s.prove("chat, streamed", func() error {
		stream := client.Chat.Completions.NewStreaming(background, hello)
		defer stream.Close()
		accumulated := openai.ChatCompletionAccumulator{}
		for stream.Next() {
			accumulated.AddChunk(stream.Current())
		}
		if err := stream.Err(); err != nil {
			return err
		}
		return contains(accumulated.Choices[0].Message.Content, said)
	})

	s.prove("tools", func() error {
		params := chatParams("gpt-4o", "Weather?")
		params.Tools = []openai.ChatCompletionToolUnionParam{
			openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{
				Name: "get_weather",
				Parameters: shared.FunctionParameters{
					"type":       "object",
					"properties": map[string]any{"city": map[string]string{"type": "string"}},
				},
			}),
		}
		asked, err := client.Chat.Completions.New(background, params)
		if err != nil {
			return err
		}
		message := asked.Choices[0].Message
		params.Messages = append(params.Messages, message.ToParam(), openai.ToolMessage("sunny", message.ToolCalls[0].ID))
		answer, err := client.Chat.Completions.New(background, params)
		if err != nil {
			return err
		}
		return contains(answer.Choices[0].Message.Content, "The tool said: sunny")
	})

	s.prove("embeddings", func() error {
		answer, err := client.Embeddings.New(background, openai.EmbeddingNewParams{
			Model: "text-embedding-3-small",
			Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{"one", "two"}},
		})
		if err != nil {
			return err
		}
		return expect(len(answer.Data) == 2, "%d embeddings", len(answer.Data))
	})

	s.prove("responses", func() error {
		answer, err := client.Responses.New(background, responses.ResponseNewParams{
			Model: "gpt-4o",
			Input: responses.ResponseNewParamsInputUnion{OfString: openai.String("Hello there")},
		})
		if err != nil {
			return err
		}
		return contains(answer.OutputText(), said)
	})

	s.prove("model list", func() error {
		models, err := client.Models.List(background)
		if err != nil {
			return err
		}
		return expect(len(models.Data) > 0, "no model")
	})

	s.prove("401: revoked key", func() error {
		return openAIFails(revoked, 0, hello, 401, "ERR_NGROK_27007")
	})

	s.prove("403: another endpoint's key", func() error {
		return openAIFails(elsewhere, 0, hello, 403, "ERR_NGROK_27008")
	})

	s.prove("429: tries again when told to", func() error {
		model := "gpt-4o-sim-status-429-sim-retry-after-1s-openai-go"
		return retriesWhenTold(model, func() error {
			return openAIFails(token, 1, chatParams(model, "Hello there"), 429, "")
		})
	})

	s.prove("413: body too large", func() error {
		return openAIFails(token, 0, chatParams("gpt-4o", tooLarge), 413, "")
	})

	s.prove("503: no provider answers", func() error {
		return openAIFails(token, 0, chatParams("gpt-4o-sim-status-500", "Hello there"), 503, "")
	})

	s.prove("a cancelled stream stops the provider", func() error {
		model := "gpt-4o-sim-chunks-100000-sim-slow-5ms-openai-go"
		stream := client.Chat.Completions.NewStreaming(background, chatParams(model, "Hello there"))
		if !stream.Next() {
			return stream.Err()
		}
		stream.Close()
		return untilCancelled(model)
	})
}
