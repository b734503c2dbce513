package main

import (
	"context"
	"encoding/json"
	"log"
)

func init() {
	Handle("{{cookiecutter.handler}}", handler)
}

// handler answers with the event as it is.
func handler(ctx context.Context, event json.RawMessage) (json.RawMessage, error) {
	log.Printf("event: %s", event)
	return event, nil
}
