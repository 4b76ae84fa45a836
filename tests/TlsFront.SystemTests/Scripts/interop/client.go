// client PORT CA NAME VERSION SUITE REQUEST SESSIONS: sends the file REQUEST, and says the SHA-256 of what is answered, each session a line.
// Suites of TLS 1.3 are not to be chosen in Go.
package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"strconv"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func exchange(address string, config *tls.Config, request string) {
	connection, err := tls.Dial("tcp", address, config)
	check(err)
	defer connection.Close()
	file, err := os.Open(request)
	check(err)
	defer file.Close()
	_, err = io.Copy(connection, file)
	check(err)
	hash := sha256.New()
	_, err = io.Copy(hash, connection)
	check(err)
	fmt.Printf("%x\n", hash.Sum(nil))
}

func main() {
	authorities, err := os.ReadFile(os.Args[2])
	check(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authorities)
	version := map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}[os.Args[4]]
	config := &tls.Config{
		RootCAs: pool, ServerName: os.Args[3], MinVersion: version, MaxVersion: version, ClientSessionCache: tls.NewLRUClientSessionCache(1),
	}
	for _, suite := range tls.CipherSuites() {
		if suite.Name == os.Args[5] || suite.Name == os.Args[5]+"_SHA256" {
			config.CipherSuites = []uint16{suite.ID}
		}
	}
	sessions, err := strconv.Atoi(os.Args[7])
	check(err)
	for ; sessions > 0; sessions-- {
		exchange("127.0.0.1:"+os.Args[1], config, os.Args[6])
	}
}
