// Runs the official Go clients against the gateway that the environment names; see ../README.md.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

var (
	gateway   = os.Getenv("SUITE_GATEWAY")
	token     = os.Getenv("SUITE_TOKEN")
	revoked   = os.Getenv("SUITE_REVOKED_TOKEN")
	elsewhere = os.Getenv("SUITE_OTHER_ENDPOINT_TOKEN")
	provider  = os.Getenv("SUITE_PROVIDER")
	tooLarge  = strings.Repeat("x", 2<<20)
)

const said = "This is the simulated provider"

// suite proves what one client can do, one line of result for each case.
type suite struct{ client, module string }

func (s suite) prove(what string, run func() error) {
	result := "ok"
	if err := attempt(run); err != nil {
		result = "failed: " + strings.NewReplacer("\n", " ", "\t", " ").Replace(err.Error())
	}
	fmt.Printf("RESULT\t%s (Go)\t%s\t%s\t%s\n", s.client, version(s.module), what, result)
}

func attempt(run func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return run()
}

func version(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, one := range info.Deps {
		if one.Path == module {
			return strings.TrimPrefix(one.Version, "v")
		}
	}
	return "unknown"
}

// expect is an error unless the condition holds.
func expect(condition bool, format string, values ...any) error {
	if condition {
		return nil
	}
	return fmt.Errorf("expected otherwise: "+format, values...)
}

func contains(text, part string) error {
	return expect(strings.Contains(text, part), "%q", text)
}

type request struct {
	Body      string
	Cancelled bool
}

// received returns the requests for this model that reached the provider.
func received(model string) (found []request, err error) {
	answer, err := http.Get(provider + "/_sim/requests")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var all []request
	err = json.NewDecoder(answer.Body).Decode(&all)
	for _, one := range all {
		if strings.Contains(one.Body, `"`+model+`"`) {
			found = append(found, one)
		}
	}
	return found, err
}

// untilCancelled returns when the provider saw the request for this model given up.
func untilCancelled(model string) error {
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); {
		requests, err := received(model)
		if err != nil {
			return err
		}
		for _, one := range requests {
			if one.Cancelled {
				return nil
			}
		}
	}
	return errors.New("the provider still answers " + model)
}

// retriesWhenTold proves that call tried twice, and as late as the answer to the first try said.
func retriesWhenTold(model string, call func() error) error {
	begin := time.Now()
	if err := call(); err != nil {
		return err
	}
	if took := time.Since(begin); took < time.Second {
		return fmt.Errorf("after %v, told to wait 1 s", took)
	}
	requests, err := received(model)
	if err != nil {
		return err
	}
	return expect(len(requests) == 2, "%d tries", len(requests))
}

func main() {
	openAI()
	anthropicMessages()
}
