package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"strings"
)

var api = "http://" + os.Getenv("SCF_RUNTIME_API") + ":" + os.Getenv("SCF_RUNTIME_API_PORT") + "/runtime"
var client = &http.Client{Transport: &http.Transport{Proxy: nil}}

func main() {
	post("/init/ready", " ")
	for {
		result, err := handle(next("/invocation/next"))
		if err != nil {
			post("/invocation/error", err.Error())
		} else {
			post("/invocation/response", result)
		}
	}
}

func handle(event string) (string, error) { return event, nil }

func next(path string) string { return read(client.Get(api + path)) }

func post(path, body string) string { return read(client.Post(api+path, "", strings.NewReader(body))) }

func read(response *http.Response, err error) string {
	if err != nil || response.StatusCode != http.StatusOK {
		log.Fatal(response, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	return string(body)
}
