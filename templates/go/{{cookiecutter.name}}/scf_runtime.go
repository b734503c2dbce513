// This file speaks SCF's runtime API: it fetches an event, calls the handler that _HANDLER names, posts the result,
// and starts again. The handlers are in the other files of this package, which register them with Handle.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type rawHandler func(ctx context.Context, event []byte) ([]byte, error)

var registeredHandlers = map[string]rawHandler{}

// Handle registers a handler under the name that SCF has for it, such as "index.main_handler". Call it from an init
// function.
//
// An event of type []byte or json.RawMessage is passed on as it is, any other is decoded from JSON. A result of type
// string, []byte or json.RawMessage goes out as it is, any other is encoded as JSON.
func Handle[Event, Result any](name string, handler func(context.Context, Event) (Result, error)) {
	if _, taken := registeredHandlers[name]; taken {
		panic(fmt.Sprintf("the handler %q is registered twice", name))
	}
	registeredHandlers[name] = func(ctx context.Context, body []byte) ([]byte, error) {
		var event Event
		if err := decodeEvent(body, &event); err != nil {
			return nil, err
		}
		result, err := handler(ctx, event)
		if err != nil {
			return nil, err
		}
		return encodeResult(result)
	}
}

// FunctionContext describes the function and the invocation at hand.
type FunctionContext struct {
	RequestID       string
	MemoryLimitInMB int
	TimeLimitInMS   int
	FunctionName    string
	FunctionVersion string
	Namespace       string
	Region          string
	RawEvent        []byte
	Deadline        time.Time // zero without a time limit
}

// RemainingTime is how long the handler may still run: 0 when its time is up, or without a time limit.
func (c *FunctionContext) RemainingTime() time.Duration {
	if remaining := time.Until(c.Deadline); remaining > 0 {
		return remaining
	}
	return 0
}

type functionContextKey struct{}

// NewContext returns a ctx that carries function. A test calls a handler with it as SCF would.
func NewContext(ctx context.Context, function *FunctionContext) context.Context {
	return context.WithValue(ctx, functionContextKey{}, function)
}

// FromContext returns the FunctionContext that ctx carries, an empty one if there is none.
func FromContext(ctx context.Context) *FunctionContext {
	if function, ok := ctx.Value(functionContextKey{}).(*FunctionContext); ok {
		return function
	}
	return &FunctionContext{}
}

// runtimeLog is apart from log's standard logger, which handlers are free to configure.
var runtimeLog = log.New(os.Stderr, "scf_runtime: ", 0)

func main() {
	go exitOnSIGTERM()
	api := &runtimeAPI{host: requireEnv("SCF_RUNTIME_API"), port: requireEnv("SCF_RUNTIME_API_PORT")}
	handler, err := findHandler(requireEnv("_HANDLER"))
	if err != nil {
		runtimeLog.Fatal(err)
	}
	api.mustCall("POST", "/runtime/init/ready", []byte(" ")) // SCF has been seen to refuse an empty body
	for {
		header, event := api.mustCall("GET", "/runtime/invocation/next", nil)
		ctx, cancel := newInvocationContext(header, event)
		result, err := invoke(ctx, handler, event)
		cancel()
		if err != nil {
			api.postResult("/runtime/invocation/error", reportError(err))
		} else {
			api.postResult("/runtime/invocation/response", result)
		}
	}
}

func exitOnSIGTERM() {
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	<-terminated
	os.Exit(0)
}

func requireEnv(name string) string {
	value := os.Getenv(name)
	if value == "" {
		runtimeLog.Fatalf("the environment variable %s is missing; SCF sets it when it starts a function", name)
	}
	return value
}

var handlerPattern = regexp.MustCompile(`^[^./\\[:cntrl:]]+\.[^./\\[:cntrl:]]+$`)

func findHandler(name string) (rawHandler, error) {
	if !handlerPattern.MatchString(name) {
		return nil, fmt.Errorf("the handler %q is not of the form file.function, such as index.main_handler", name)
	}
	if handler, ok := registeredHandlers[name]; ok {
		return handler, nil
	}
	var names []string
	for name := range registeredHandlers {
		names = append(names, name)
	}
	sort.Strings(names)
	return nil, fmt.Errorf("the handler %q is not among the registered ones, %q; register it with Handle", name, names)
}

func newInvocationContext(header http.Header, event []byte) (context.Context, context.CancelFunc) {
	memoryLimit, _ := strconv.Atoi(header.Get("Memory_Limit_In_Mb"))
	timeLimit, _ := strconv.Atoi(header.Get("Time_Limit_In_Ms"))
	function := &FunctionContext{
		RequestID:       header.Get("Request_Id"),
		MemoryLimitInMB: memoryLimit,
		TimeLimitInMS:   timeLimit,
		FunctionName:    os.Getenv("SCF_FUNCTIONNAME"),
		FunctionVersion: os.Getenv("SCF_FUNCTIONVERSION"),
		Namespace:       os.Getenv("SCF_NAMESPACE"),
		Region:          os.Getenv("TENCENTCLOUD_REGION"),
		RawEvent:        event,
	}
	ctx := NewContext(context.Background(), function)
	if timeLimit <= 0 {
		return context.WithCancel(ctx)
	}
	function.Deadline = time.Now().Add(time.Duration(timeLimit) * time.Millisecond)
	return context.WithDeadline(ctx, function.Deadline)
}

// invoke makes an error of a panic, so that the function lives on for the next event.
func invoke(ctx context.Context, handler rawHandler, event []byte) (result []byte, err error) {
	returned := false // because recover returns nil for panic(nil) too
	defer func() {
		if !returned {
			err = newInvocationError("", recover(), userFrames())
		}
	}()
	result, err = handler(ctx, event)
	returned = true
	return result, err
}

func decodeEvent(body []byte, event any) error {
	switch raw := event.(type) {
	case *[]byte:
		*raw = body
		return nil
	case *json.RawMessage:
		if json.Valid(body) {
			*raw = body
			return nil
		}
	}
	if err := json.Unmarshal(body, event); err != nil {
		return newInvocationError("the event is not the JSON that the handler takes: ", err, nil)
	}
	return nil
}

func encodeResult(result any) ([]byte, error) {
	switch result := result.(type) {
	case string:
		return []byte(result), nil
	case []byte:
		return result, nil
	case json.RawMessage:
		return result, nil
	}
	body, err := encodeJSON(result)
	if err != nil {
		return nil, newInvocationError("the handler's result cannot be encoded as JSON: ", err, nil)
	}
	return body, nil
}

// encodeJSON is json.Marshal without the escaping of <, > and &.
func encodeJSON(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), err
}

// An invocationError is what SCF is told of a failed invocation.
type invocationError struct {
	Type       string   `json:"errorType"`
	Message    string   `json:"errorMessage"`
	StackTrace []string `json:"stackTrace"`
}

func (e *invocationError) Error() string { return e.Message }

// newInvocationError describes an error, or any value that a handler panicked with. It leaves the call of Error to
// fmt, which survives one that panics.
func newInvocationError(prefix string, cause any, stackTrace []string) *invocationError {
	typeName := "panic"
	if _, ok := cause.(error); ok {
		typeName = strings.TrimPrefix(fmt.Sprintf("%T", cause), "*")
	}
	if stackTrace == nil {
		stackTrace = []string{} // which is [] in JSON, not null
	}
	return &invocationError{typeName, prefix + fmt.Sprint(cause), stackTrace}
}

// userFrames lists the calls that led to a panic, innermost first, without those of this file and of Go's runtime.
func userFrames() (lines []string) {
	callers := make([]uintptr, 100)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if !strings.HasSuffix(frame.File, "/scf_runtime.go") && !strings.HasPrefix(frame.Function, "runtime.") {
			lines = append(lines, fmt.Sprintf("%s:%d: %s", frame.File, frame.Line, frame.Function))
		}
	}
	return lines
}

// reportError prints an error to the function's log and returns it as SCF takes it.
func reportError(err error) []byte {
	var report *invocationError
	if !errors.As(err, &report) {
		report = newInvocationError("", err, nil)
	}
	lines := append([]string{report.Type + ": " + report.Message}, report.StackTrace...)
	fmt.Fprintln(os.Stderr, strings.Join(lines, "\n    "))
	body, _ := encodeJSON(report)
	return body
}

type runtimeAPI struct{ host, port string }

// mustCall ends the process when it fails: without the runtime API there is nothing to do.
func (a *runtimeAPI) mustCall(method, path string, body []byte) (http.Header, []byte) {
	response, responseBody := a.call(method, path, body)
	if response.StatusCode != http.StatusOK {
		runtimeLog.Fatalf("%s %s: the runtime API answered %s", method, path, response.Status)
	}
	return response.Header, responseBody
}

// postResult drops a result that is refused, such as one that is too large, and leaves the next event its chance.
func (a *runtimeAPI) postResult(path string, body []byte) {
	response, _ := a.call("POST", path, body)
	if response.StatusCode != http.StatusOK {
		runtimeLog.Printf("POST %s: the runtime API answered %s", path, response.Status)
	}
}

// call tries again when the runtime API is out of reach or out of order. A repeated post does no harm, since SCF takes
// the first.
func (a *runtimeAPI) call(method, path string, body []byte) (*http.Response, []byte) {
	const tries = 5
	pause := 100 * time.Millisecond
	for try := 1; ; try++ {
		response, responseBody, err := a.roundTrip(method, path, body)
		if err == nil && response.StatusCode < 500 {
			return response, responseBody
		}
		if err == nil {
			err = fmt.Errorf("the runtime API answered %s", response.Status)
		}
		if try == tries {
			runtimeLog.Fatalf("%s %s: gave up after %d tries: %v", method, path, tries, err)
		}
		time.Sleep(pause)
		pause *= 2
	}
}

// transport takes no proxy from the environment and sets no time limit on a response, as an event may be hours away.
var transport = &http.Transport{
	DialContext:        (&net.Dialer{Timeout: 250 * time.Millisecond}).DialContext,
	DisableCompression: true,
	WriteBufferSize:    64 << 10, // most messages go out in one write
}

func (a *runtimeAPI) roundTrip(method, path string, body []byte) (*http.Response, []byte, error) {
	request, err := http.NewRequest(method, "http://"+net.JoinHostPort(a.host, a.port)+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	responseBody, err := io.ReadAll(response.Body)
	return response, responseBody, err
}
