package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"
)

// access is the name of the extension that says what a deploy key may: read or write.
const access = "access"

// allowedBy lets in whoever has a key of the file, as the user git.
func allowedBy(file string) func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
	return func(login ssh.ConnMetadata, offered ssh.PublicKey) (*ssh.Permissions, error) {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
			may, line, _ := strings.Cut(lines.Text(), " ")
			key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
			if err != nil || !bytes.Equal(key.Marshal(), offered.Marshal()) || login.User() != "git" {
				continue
			}
			return &ssh.Permissions{Extensions: map[string]string{access: may}}, nil
		}
		return nil, fmt.Errorf("no such deploy key")
	}
}
