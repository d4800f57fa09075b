package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"regexp"

	"golang.org/x/crypto/ssh"
)

type host struct {
	repositories *os.Root
}

// serve speaks SSH on one connection until its end.
func (h host) serve(connection net.Conn, config *ssh.ServerConfig) {
	go func() {
		login, channels, requests, err := ssh.NewServerConn(connection, config)
		if err != nil {
			log.Print(err)
			return
		}
		go ssh.DiscardRequests(requests)
		for opened := range channels {
			if opened.ChannelType() != "session" {
				_ = opened.Reject(ssh.UnknownChannelType, "only sessions")
				continue
			}
			channel, asked, err := opened.Accept()
			if err != nil {
				log.Print(err)
				continue
			}
			go h.session(channel, asked, login.Permissions.Extensions[access])
		}
	}()
}

// session runs the one command that a session asks for; an environment, a terminal and a shell are refused.
func (h host) session(channel ssh.Channel, requests <-chan *ssh.Request, may string) {
	defer channel.Close()
	for request := range requests {
		if request.Type != "exec" {
			_ = request.Reply(false, nil)
			continue
		}
		var command struct{ Line string }
		if err := ssh.Unmarshal(request.Payload, &command); err != nil {
			_ = request.Reply(false, nil)
			return
		}
		_ = request.Reply(true, nil)
		log.Printf("%s (%s)", command.Line, may)
		status := h.run(channel, command.Line, may)
		_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{status}))
		return
	}
}

// As git writes it: the command, and the path in quotes, with a slash in front or without.
var gitCommand = regexp.MustCompile(`^(git-upload-pack|git-receive-pack) '/?((?:[\w.-]+/)?[\w.-]+?)(\.git)?'$`)

func (h host) run(channel ssh.Channel, line, may string) uint32 {
	refuse := func(message string) uint32 {
		_, _ = fmt.Fprintf(channel.Stderr(), "ERROR: %s\n", message)
		return 1
	}
	words := gitCommand.FindStringSubmatch(line)
	if words == nil {
		return refuse("Only git is served here.")
	}
	repository := words[2] + ".git"
	if _, err := h.repositories.Stat(repository); err != nil {
		return refuse("Repository not found.")
	}
	if words[1] == "git-receive-pack" && may != "write" {
		return refuse("The key you are authenticating with has been marked as read only.")
	}
	program := exec.Command(words[1], repository)
	program.Dir = h.repositories.Name()
	program.Stdout, program.Stderr = channel, channel.Stderr()
	// By a pipe of our own: what git no longer reads must not keep it from ending.
	input, err := program.StdinPipe()
	if err != nil {
		return refuse(err.Error())
	}
	if err := program.Start(); err != nil {
		return refuse(err.Error())
	}
	go func() {
		_, _ = io.Copy(input, channel)
		_ = input.Close()
	}()
	err = program.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return uint32(ended.ExitCode())
	}
	return 0
}
