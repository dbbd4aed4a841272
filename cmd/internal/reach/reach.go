package reach

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// place is what the file in the folder says.
type place struct {
	Address string `json:"address"`
	Token   string `json:"token"`
	PID     int    `json:"pid"`
}

// call is what is asked.
type call struct {
	Token string   `json:"token"`
	Args  []string `json:"args"`
	In    string   `json:"in,omitempty"` // what the command may read
}

// piece is a part of the answer.
type piece struct {
	Out  string `json:"out,omitempty"`
	Err  string `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"` // the last piece
}

// Bounds of a call.
const (
	mostCall  = 64 << 10 // bytes
	mostPiece = 4 << 20  // bytes
	callTime  = 10 * time.Second
	dialTime  = 2 * time.Second
)

// Handle runs a command of those that a running desk does, and gives its exit
// code.
type Handle func(ctx context.Context, args []string, in io.Reader, out, err io.Writer) int

// Listen answers calls until the context ends. Path is the file that says where;
// it is removed at the end. What is under way then is waited for.
func Listen(ctx context.Context, path string, handle Handle) (wait func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for other commands: %w", err)
	}
	at := place{Address: l.Addr().String(), Token: rand.Text(), PID: os.Getpid()}
	if err := write(path, at); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	var work sync.WaitGroup
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { answer(ctx, c, at.Token, handle) })
		}
	})
	return func() {
		stop()
		_ = l.Close()
		work.Wait()
		_ = os.Remove(path)
	}, nil
}

// write writes the file anew; one that a killed desk left is replaced.
func write(path string, at place) error {
	b, err := json.Marshal(at)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

func answer(ctx context.Context, c net.Conn, token string, handle Handle) {
	defer c.Close()
	_ = c.SetReadDeadline(time.Now().Add(callTime))
	var in call
	if err := json.NewDecoder(io.LimitReader(c, mostCall)).Decode(&in); err != nil {
		return
	}
	if subtle.ConstantTimeCompare([]byte(in.Token), []byte(token)) != 1 {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_ = c.SetReadDeadline(time.Time{})
	go func() { // the caller is gone when its end is read
		_, _ = io.Copy(io.Discard, c)
		cancel()
	}()
	w := &pieces{to: json.NewEncoder(c)}
	code := handle(ctx, in.Args, strings.NewReader(in.In), outs{w}, errs{w})
	w.write(piece{Exit: &code})
}

// pieces writes pieces, one at a time.
type pieces struct {
	mu sync.Mutex
	to *json.Encoder
}

func (w *pieces) write(p piece) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Encode(p)
}

type outs struct{ *pieces }

func (w outs) Write(p []byte) (int, error) { return len(p), w.write(piece{Out: string(p)}) }

type errs struct{ *pieces }

func (w errs) Write(p []byte) (int, error) { return len(p), w.write(piece{Err: string(p)}) }

// ErrNobody says that no desk answers there.
var ErrNobody = errors.New("no desk answers")

// Call asks the desk whose file is at path to run a command, and gives its exit
// code. [ErrNobody] when there is none; a connection that ends early is another
// error.
func Call(ctx context.Context, path string, args []string, in string, out, errw io.Writer) (int, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, ErrNobody
	}
	var at place
	if err := json.Unmarshal(b, &at); err != nil {
		return 0, ErrNobody
	}
	host, _, err := net.SplitHostPort(at.Address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return 0, ErrNobody
	}
	d := net.Dialer{Timeout: dialTime}
	c, err := d.DialContext(ctx, "tcp", at.Address)
	if err != nil {
		return 0, ErrNobody
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	if err := json.NewEncoder(c).Encode(call{Token: at.Token, Args: args, In: in}); err != nil {
		return 0, fmt.Errorf("ask the running desk (process %d): %w", at.PID, err)
	}
	lines := bufio.NewScanner(c)
	lines.Buffer(nil, mostPiece)
	answered := false
	for lines.Scan() {
		var p piece
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return 0, fmt.Errorf("read the answer of the running desk (process %d): %w", at.PID, err)
		}
		answered = true
		switch {
		case p.Exit != nil:
			return *p.Exit, nil
		case p.Err != "":
			_, err = io.WriteString(errw, p.Err)
		default:
			_, err = io.WriteString(out, p.Out)
		}
		if err != nil {
			return 0, err
		}
	}
	if !answered && lines.Err() == nil { // another program has that port now
		return 0, ErrNobody
	}
	return 0, fmt.Errorf("read the answer of the running desk (process %d): it ended early", at.PID)
}
