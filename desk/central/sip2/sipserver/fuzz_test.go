package sipserver

import (
	"bytes"
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central/sip2/sipwire"
)

// Whatever a terminal sends, before and after its login, the server does not fall over:
// what it answers is made well, and the connection is over when the terminal is.
func FuzzConnection(f *testing.F) {
	f.Add([]byte(out1 + "\r" + in1))
	f.Add([]byte("97\r97AZFEF5\r88|\r\n\n||||\r"))
	f.Add([]byte(sealed(item1, 1) + "\r" + sealed(item1, 1)))
	f.Add([]byte("63001" + stamp + "YYYYYYYYYYAOMAIN|AA2001|BP-1|BQ99999999999|ADx|"))
	f.Add([]byte("63001" + stamp + "  Y       AOMAIN|AA2001|BP999999999|BQ1|"))
	f.Add([]byte("37" + stamp + "0100EURBV1.0.0|AA2001|\r37\r11\r09Y\r29YY" + stamp + "\r15?" + stamp + "AA2001|AB3001|BSBR|"))
	f.Add([]byte("11YY" + stamp + stamp + "AA2003|AB3001|\r09Y" + stamp + stamp + "AB3001|\r29YY" + stamp + stamp + "AA2003|AB3001|\r65" + stamp + "AA2003|"))
	f.Add([]byte("19" + stamp + "AB3001|CH\x00\xff|\r01Y" + stamp + "AA2001|AL\xff|\r25" + stamp + "AA2001|\r17" + stamp + "AB3001|"))
	f.Add(bytes.Repeat([]byte("99"), 10_000))
	w := start(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		w.log.forget()
		for _, login := range []string{"", "9300CNsc|COsecret|\r"} {
			here, there := net.Pipe()
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			done := make(chan struct{})
			c := newConn(w.Server, there)
			go func() { defer close(done); defer there.Close(); c.run(ctx) }()
			answers := make(chan []byte, 1)
			go func() { all, _ := io.ReadAll(here); answers <- all }()
			_ = here.SetWriteDeadline(time.Now().Add(5 * time.Second))
			_, _ = here.Write([]byte(login))
			_, _ = here.Write(b)
			_, _ = here.Write([]byte("\r"))
			time.AfterFunc(5*time.Millisecond, func() { _ = here.Close() })
			select {
			case <-done:
			case <-ctx.Done():
				t.Fatal("the connection does not end")
			}
			cancel()
			said := <-answers
			if most := (bytes.Count(b, []byte("\r")) + bytes.Count(b, []byte("\n")) + 3) * sipwire.MaxMessage; len(said) > most {
				t.Errorf("%d bytes were answered to %d", len(said), len(b))
			}
			for one := range bytes.SplitSeq(said, []byte("\r")) {
				m, err := sipwire.Parse(one, 0)
				if login == "" && !bytes.Contains(b, []byte("COse")) && len(one) > 0 && !slices.Contains([]string{"94", "96", "98"}, string(one[:2])) {
					t.Errorf("answered before a login: %q", one)
				}
				if len(one) > 0 && err == nil && (m.Spec() == nil || m.Odd() || m.Check() == sipwire.Damaged || len(m.Missing()) > 0) {
					t.Errorf("answered %q", one)
				}
			}
			w.Server.mu.Lock()
			delete(w.open, c)
			w.Server.mu.Unlock()
		}
		if s := w.log.String(); strings.Contains(s, "panic") {
			t.Fatal(s)
		}
	})
}
