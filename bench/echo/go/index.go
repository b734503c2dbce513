// An echo for SCF's runtime API and for AWS Lambda's.

package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
)

func main() {
	root := "http://" + os.Getenv("SCF_RUNTIME_API") + ":" + os.Getenv("SCF_RUNTIME_API_PORT") + "/runtime"
	aws := os.Getenv("AWS_LAMBDA_RUNTIME_API")
	if aws != "" {
		root = "http://" + aws + "/2018-06-01/runtime"
	} else {
		post(root+"/init/ready", []byte(" "))
	}
	for {
		response, _ := http.Get(root + "/invocation/next")
		event, _ := io.ReadAll(response.Body)
		response.Body.Close()
		result := root + "/invocation/response"
		if aws != "" {
			result = root + "/invocation/" + response.Header.Get("Lambda-Runtime-Aws-Request-Id") + "/response"
		}
		post(result, event)
	}
}

func post(url string, body []byte) {
	response, _ := http.Post(url, "application/json", bytes.NewReader(body))
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}
