// A handler that does what its event says: {"do": "echo"}, {"do": "fail", "message": "…"} and so on.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"time"
)

func init() {
	loadMS, _ := strconv.Atoi(os.Getenv("LOAD_MS"))
	time.Sleep(time.Duration(loadMS) * time.Millisecond)
	Handle("scf_conformance.main_handler", conform)
}

type conformanceEvent struct {
	Do      string
	Base64  []byte
	Value   json.RawMessage
	Bytes   int
	MS      int
	Name    string
	Message string
	Status  int
}

func conform(ctx context.Context, raw json.RawMessage) (any, error) {
	var event conformanceEvent
	if err := json.Unmarshal(raw, &event); err != nil {
		return raw, nil
	}
	switch event.Do {
	case "result":
		return event.Base64, nil
	case "text":
		return string(event.Base64), nil
	case "json":
		var value any
		err := json.Unmarshal(event.Value, &value)
		return value, err
	case "nothing":
		return nil, nil
	case "large":
		return bytes.Repeat([]byte("x"), event.Bytes), nil
	case "sleep":
		fmt.Fprintln(os.Stderr, "sleeping")
		time.Sleep(time.Duration(event.MS) * time.Millisecond)
		return "slept", nil
	case "log":
		fmt.Printf("%s\n", event.Base64)
		fmt.Fprintf(os.Stderr, "%s\n", event.Base64)
		return "logged", nil
	case "print":
		fmt.Printf("%s\n", event.Base64)
		time.Sleep(time.Duration(event.MS) * time.Millisecond)
		return "printed", nil
	case "context":
		return conformanceContext(FromContext(ctx)), nil
	case "env":
		return os.Getenv(event.Name), nil
	case "cwd":
		return os.Getwd()
	case "stdin":
		return io.ReadAll(os.Stdin)
	case "fail":
		return nil, errors.New(event.Message)
	case "throw":
		panic(event.Message)
	case "exit":
		os.Exit(event.Status)
	case "recurse":
		debug.SetMaxStack(1 << 20) // Go would let the stack grow to 1 GB
		return conformanceRecursion(event.Status), nil
	case "unencodable":
		return func() {}, nil
	}
	return raw, nil
}

func conformanceContext(function *FunctionContext) map[string]any {
	return map[string]any{
		"request_id":           function.RequestID,
		"memory_limit_in_mb":   function.MemoryLimitInMB,
		"time_limit_in_ms":     function.TimeLimitInMS,
		"function_name":        function.FunctionName,
		"function_version":     function.FunctionVersion,
		"namespace":            function.Namespace,
		"tencentcloud_region":  function.Region,
		"remaining_time_in_ms": function.RemainingTime().Milliseconds(),
	}
}

func conformanceRecursion(depth int) int {
	return conformanceRecursion(depth+1) + 1
}
