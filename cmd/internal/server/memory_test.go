package server

import (
	"os"
	"testing"

	"circdesk/store/storetest/memory"
)

func TestMain(m *testing.M) { os.Exit(memory.Run(m)) }
