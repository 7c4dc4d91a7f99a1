module keygate.dev/clients/ngrok

go 1.26

require github.com/ngrok/ngrok-api-go/v8 v8.0.0
