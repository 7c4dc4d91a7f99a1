// Drives the control API with the published Go management client; see ../README.md.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/ngrok/ngrok-api-go/v8"
	"github.com/ngrok/ngrok-api-go/v8/ai_gateway_api_keys"
	"github.com/ngrok/ngrok-api-go/v8/api_keys"
	"github.com/ngrok/ngrok-api-go/v8/endpoints"
	"github.com/ngrok/ngrok-api-go/v8/ip_policies"
	"github.com/ngrok/ngrok-api-go/v8/ip_policy_rules"
	"github.com/ngrok/ngrok-api-go/v8/secrets"
	"github.com/ngrok/ngrok-api-go/v8/vaults"
)

var (
	background = context.Background()
	config     = ngrok.NewClientConfig(os.Getenv("SUITE_MANAGEMENT_KEY"), ngrok.WithBaseURL(os.Getenv("SUITE_CONTROL")))
)

func prove(what string, run func() error) {
	result := "ok"
	if err := run(); err != nil {
		result = "failed: " + strings.NewReplacer("\n", " ", "\t", " ").Replace(err.Error())
	}
	fmt.Printf("RESULT\tngrok-api-go (Go)\t8\t%s\t%s\n", what, result)
}

func expect(condition bool, what string, values ...any) error {
	if condition {
		return nil
	}
	return fmt.Errorf(what, values...)
}

func count[T any](list ngrok.Iter[T]) (int, error) {
	n := 0
	for list.Next(background) {
		n++
	}
	return n, list.Err()
}

func main() {
	ep := endpoints.NewClient(config)
	keys := ai_gateway_api_keys.NewClient(config)
	policy := "on_http_request:\n  - actions:\n      - type: ai-gateway\n"
	var endpoint *ngrok.Endpoint

	prove("endpoints: create, get, update, list, delete", func() (err error) {
		if endpoint, err = ep.Create(background, &ngrok.EndpointCreate{URL: "https://suite.example.com", Type: "cloud",
			TrafficPolicy: policy, Description: ngrok.String("made"), Bindings: []string{"public"}}); err != nil {
			return err
		}
		if endpoint, err = ep.Update(background, &ngrok.EndpointUpdate{ID: endpoint.ID, Description: ngrok.String("changed")}); err != nil {
			return err
		}
		if endpoint, err = ep.Get(background, endpoint.ID); err != nil {
			return err
		}
		if err := expect(endpoint.Description == "changed" && endpoint.TrafficPolicy == policy && endpoint.Host == "suite.example.com", "%#v", endpoint); err != nil {
			return err
		}
		other, err := ep.Create(background, &ngrok.EndpointCreate{URL: "https://gone.example.com", Type: "cloud", TrafficPolicy: policy})
		if err != nil {
			return err
		}
		if n, err := count(ep.List(&ngrok.Paging{Limit: ngrok.String("1")})); err != nil || n < 2 {
			return fmt.Errorf("%d endpoints, %v", n, err)
		}
		if err := ep.Delete(background, other.ID); err != nil {
			return err
		}
		_, err = ep.Get(background, other.ID)
		return expect(ngrok.IsNotFound(err), "%v", err)
	})

	var key *ngrok.AIGatewayAPIKey
	prove("AI gateway API keys: create, get, update, delete", func() (err error) {
		if key, err = keys.Create(background, &ngrok.AIGatewayAPIKeyCreate{EndpointID: endpoint.ID, Description: "first", Metadata: `{"team":"a"}`}); err != nil {
			return err
		}
		if err := expect(strings.HasPrefix(key.Token, "ng-") && key.Endpoint.ID == endpoint.ID && key.CreatedBy.ID != "", "%#v", key); err != nil {
			return err
		}
		if key, err = keys.Update(background, &ngrok.AIGatewayAPIKeyUpdate{ID: key.ID, Description: ngrok.String("changed")}); err != nil {
			return err
		}
		if key, err = keys.Get(background, key.ID); err != nil {
			return err
		}
		if err := expect(key.Description == "changed" && key.Token == "" && key.Metadata == `{"team":"a"}` && key.LastUsed == nil, "%#v", key); err != nil {
			return err
		}
		if err := keys.Delete(background, key.ID); err != nil {
			return err
		}
		_, err = keys.Get(background, key.ID)
		return expect(ngrok.IsNotFound(err), "%v", err)
	})

	prove("AI gateway API keys: several pages", func() error {
		for i := range 7 {
			if _, err := keys.Create(background, &ngrok.AIGatewayAPIKeyCreate{EndpointID: endpoint.ID, Description: fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		n, err := count(keys.List(&ngrok.Paging{Limit: ngrok.String("2")}))
		if err != nil {
			return err
		}
		return expect(n >= 7, "%d", n)
	})

	prove("AI gateway API keys: error codes", func() error {
		_, err := keys.Create(background, &ngrok.AIGatewayAPIKeyCreate{EndpointID: "ep_000000000000000000000000000"})
		if err := expect(ngrok.IsErrorCode(err, 27002) && ngrok.IsNotFound(err), "%v", err); err != nil {
			return err
		}
		_, err = keys.Create(background, &ngrok.AIGatewayAPIKeyCreate{EndpointID: endpoint.ID, Description: strings.Repeat("x", 256)})
		if err := expect(ngrok.IsErrorCode(err, 27004), "%v", err); err != nil {
			return err
		}
		_, err = keys.Create(background, &ngrok.AIGatewayAPIKeyCreate{EndpointID: endpoint.ID, Metadata: strings.Repeat("x", 4097)})
		if err := expect(ngrok.IsErrorCode(err, 27005), "%v", err); err != nil {
			return err
		}
		_, err = keys.Create(background, &ngrok.AIGatewayAPIKeyCreate{})
		return expect(ngrok.IsErrorCode(err, 27006), "%v", err)
	})

	prove("API keys: create, get, update, list, delete", func() error {
		client := api_keys.NewClient(config)
		made, err := client.Create(background, &ngrok.APIKeyCreate{Description: "suite"})
		if err != nil {
			return err
		}
		if made.Token == nil {
			return fmt.Errorf("no token")
		}
		if _, err = client.Update(background, &ngrok.APIKeyUpdate{ID: made.ID, Metadata: ngrok.String("m")}); err != nil {
			return err
		}
		got, err := client.Get(background, made.ID)
		if err != nil {
			return err
		}
		if err := expect(got.Metadata == "m" && got.Token == nil, "%#v", got); err != nil {
			return err
		}
		n, err := count(client.List(nil))
		if err != nil || n < 2 {
			return fmt.Errorf("%d %v", n, err)
		}
		return client.Delete(background, made.ID)
	})

	prove("vaults and secrets: create, get, update, list, delete", func() error {
		vc, sc := vaults.NewClient(config), secrets.NewClient(config)
		vault, err := vc.Create(background, &ngrok.VaultCreate{Name: "suite", Description: "d"})
		if err != nil {
			return err
		}
		secret, err := sc.Create(background, &ngrok.SecretCreate{Name: "token", Value: "s3cret", VaultID: vault.ID})
		if err != nil {
			return err
		}
		if secret, err = sc.Update(background, &ngrok.SecretUpdate{ID: secret.ID, Value: ngrok.String("other")}); err != nil {
			return err
		}
		if secret, err = sc.Get(background, secret.ID); err != nil {
			return err
		}
		if err := expect(secret.Vault.ID == vault.ID, "%#v", secret); err != nil {
			return err
		}
		n, err := count(sc.List(nil))
		if err != nil || n != 1 {
			return fmt.Errorf("%d secrets, %v", n, err)
		}
		if n, err = count(vc.List(nil)); err != nil || n != 1 {
			return fmt.Errorf("%d vaults, %v", n, err)
		}
		if err := sc.Delete(background, secret.ID); err != nil {
			return err
		}
		return vc.Delete(background, vault.ID)
	})

	prove("IP policies and rules: create, get, update, list, delete", func() error {
		pc, rc := ip_policies.NewClient(config), ip_policy_rules.NewClient(config)
		policy, err := pc.Create(background, &ngrok.IPPolicyCreate{Description: "suite"})
		if err != nil {
			return err
		}
		rule, err := rc.Create(background, &ngrok.IPPolicyRuleCreate{CIDR: "10.0.0.0/8", IPPolicyID: policy.ID, Action: ngrok.String("allow")})
		if err != nil {
			return err
		}
		if rule, err = rc.Update(background, &ngrok.IPPolicyRuleUpdate{ID: rule.ID, Description: ngrok.String("x")}); err != nil {
			return err
		}
		if err := expect(rule.IPPolicy.ID == policy.ID && rule.CIDR == "10.0.0.0/8", "%#v", rule); err != nil {
			return err
		}
		n, err := count(rc.List(nil))
		if err != nil || n != 1 {
			return fmt.Errorf("%d rules, %v", n, err)
		}
		if err := rc.Delete(background, rule.ID); err != nil {
			return err
		}
		return pc.Delete(background, policy.ID)
	})
}
