// The smallest loop one would write by hand: it logs the event and answers with it, and handles no errors.

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	api := "http://" + os.Getenv("SCF_RUNTIME_API") + ":" + os.Getenv("SCF_RUNTIME_API_PORT")
	post(api+"/runtime/init/ready", []byte(" "))
	for {
		response, _ := http.Get(api + "/runtime/invocation/next")
		event, _ := io.ReadAll(response.Body)
		response.Body.Close()
		fmt.Println(string(event))
		post(api+"/runtime/invocation/response", event)
	}
}

func post(url string, body []byte) {
	response, _ := http.Post(url, "application/json", bytes.NewReader(body))
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}
