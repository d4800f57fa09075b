// `control-plane watch PARENT PROGRAM ARGUMENTS` becomes the program, which the kernel kills when PARENT (the id of
// the process that started it) dies, whatever way: a test that is killed leaves no cluster behind. Linux keeps this
// over execve, so no process stands between the two: prctl(2), PR_SET_PDEATHSIG.
package main

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
)

func watch(arguments []string) {
	if len(arguments) < 2 {
		fail("usage: control-plane watch PARENT PROGRAM ARGUMENTS")
	}
	parent, err := strconv.Atoi(arguments[0])
	if err != nil {
		fail("watch: not a process id: " + arguments[0])
	}
	program, err := exec.LookPath(arguments[1])
	if err != nil {
		fail(err.Error())
	}
	// The setting belongs to the thread, and execve keeps that of the thread that calls it.
	runtime.LockOSThread()
	if _, _, failed := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0); failed != 0 {
		fail("watch: " + failed.Error())
	}
	// It may have died before the kernel knew that we care.
	if os.Getppid() != parent {
		fail("watch: the process that started this is gone")
	}
	fail(syscall.Exec(program, arguments[1:], os.Environ()).Error())
}
