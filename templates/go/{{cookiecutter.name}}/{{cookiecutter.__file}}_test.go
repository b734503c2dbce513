package main

import (
	"context"
	"encoding/json"
	"testing"
)

func TestHandlerAnswersWithTheEvent(t *testing.T) {
	event := json.RawMessage(`{"key1":"test value 1","key2":"test value 2"}`)
	result, err := handler(context.Background(), event)
	if err != nil {
		t.Fatal(err)
	}
	if string(result) != string(event) {
		t.Errorf("got %s, want %s", result, event)
	}
}
