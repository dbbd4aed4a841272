package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/cmd/internal/station"
	"circdesk/desk/words"
)

// program is what the commands share.
type program struct {
	in       io.Reader
	out, err io.Writer
	words    *words.Book
	running  *station.Station // the desk in this very process that another command asks; nil: none
	serving  *server.Server   // the central server in this very process; nil: none

	data string // --data

	keeping    *keeping // where keys are kept; nil: nowhere, so files are as they are
	passphrase passphraseFlags
}

const about = `circdesk is a circulation desk for libraries, and the small central server behind it.

  circdesk demo          a whole library on this machine, to try
  circdesk serve         the central server
  circdesk desk          a desk`

const exits = `
Exit codes: 0 done; 1 it did not work; 2 the command line was not understood; 3 the
folder is in use by another process; 4 something is left (entries that wait, conflicts
to settle, records that could not be read); 5 a file is damaged or of a later version.`

// root is the command line. Of one that a running desk or server was asked only
// those commands are there that it does.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use: "circdesk", Short: "a circulation desk for libraries", Long: about + "\n" + exits,
		SilenceErrors: true, SilenceUsage: true, Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	p.passphrase.flags(root)
	root.AddCommand(p.rulesCommand(), p.terminalsCommand(), p.desksCommand(), p.journalCommand())
	if p.running != nil || p.serving == nil {
		root.AddCommand(p.syncCommand(), p.readyCommand(), p.overridesCommand(), p.worklistCommand(), p.conflictsCommand(), p.outageCommand(), p.overdueCommand(), p.usesCommand(), p.drawerCommand())
	}
	if p.running == nil && p.serving == nil {
		root.AddCommand(
			p.demoCommand(), p.deskCommand(), p.sealCommand(), p.serveCommand(), p.loadCommand(), p.operatorsCommand(), p.scanCommand(), p.sip2Command(), p.versionCommand(),
		)
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage{err} })
	return root
}

// run runs a command line and gives its exit code.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(append([]string{}, args...)) // nil would be what this process was called with
	asked, err := root.ExecuteContextC(ctx)
	return p.exit(asked, err)
}

// dataFlag gives a command the flag that names its folder.
func (p *program) dataFlag(c *cobra.Command) {
	c.Flags().StringVar(&p.data, "data", p.data, "the data folder (default: this user's)")
}

// folder gives the data folder of the command.
func (p *program) folder() (folder.Folder, error) {
	if p.data != "" {
		return folder.Folder(p.data), nil
	}
	return folder.Default()
}

// note says something to people that is no result: it goes beside the output.
func (p *program) note(lines ...string) {
	for _, l := range lines {
		_, _ = fmt.Fprintln(p.err, l) // nobody may be there to read it
	}
}

// version is that of the module, or of the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(len(s.Value), 12)]
		}
	}
	return "devel"
}
