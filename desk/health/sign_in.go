package health

// OfSignIn is the question whether somebody can work here.
const OfSignIn Name = "sign_in"

// What it says.
const (
	SignInFails  Code = "sign_in_fails"
	SignInNobody Code = "sign_in_nobody"
	SignInSome   Code = "sign_in_some"
)

// SignIn says whether operators can sign in without a line.
func SignIn(f Facts) Answer {
	switch {
	case f.SignIn != nil:
		a := no(OfSignIn, SignInFails)
		a.Text = f.SignIn.Error()
		return a
	case f.Operators == 0:
		return no(OfSignIn, SignInNobody)
	}
	a := yes(OfSignIn, SignInSome)
	a.N = f.Operators
	return a
}
