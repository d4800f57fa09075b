// Runs a static program with another folder as its root. Root needs CAP_SYS_CHROOT for that, which containers have;
// anybody else gets it in a user namespace of his own, where the machine allows one.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
)

// endWithParent has the kernel kill this process when the one that started it dies, whatever way.
func endWithParent() {
	runtime.LockOSThread()
	if _, _, failed := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0); failed != 0 {
		fail("prctl: " + failed.Error())
	}
}

func contain(root string, program string, arguments []string) {
	// Pdeathsig is about the thread that starts the process: it has to stay.
	runtime.LockOSThread()
	attributes := &syscall.SysProcAttr{Chroot: root, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		attributes.Cloneflags = syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	command := exec.Command(program, arguments...)
	command.Dir = "/"
	command.Env = append(os.Environ(), "PATH=/usr/bin", "HOME=/")
	command.Stdout = os.Stdout
	command.Stderr = os.Stderr
	command.SysProcAttr = attributes
	if err := command.Start(); err != nil {
		fail(fmt.Sprintf("can't start %s with the root %s: %v; it takes root, or a machine that allows user namespaces "+
			"(sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0)", program, root, err))
	}
	go func() {
		for received := range signals {
			_ = command.Process.Signal(received)
		}
	}()
	err := command.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		os.Exit(max(1, ended.ExitCode()))
	}
	if err != nil {
		fail(err.Error())
	}
}
