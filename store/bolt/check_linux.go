package bolt

import (
	"os/exec"
	"syscall"
)

// dieWith ends the child with the thread that starts it.
func dieWith(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
