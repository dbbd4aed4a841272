package policy

import (
	"fmt"

	"circdesk/desk/money"
)

// defaultTOML writes the rules of [Default].
func defaultTOML(currency, zone string) []byte {
	if !money.IsCode(currency) {
		currency = "XXX"
	}
	if _, err := loadZone(zone); err != nil || quote(zone) != `"`+zone+`"` {
		zone = "UTC"
	}
	return fmt.Appendf(nil, `currency = %q
zone = %q

[default]
loanable = true
period = "14 days"
renewals = 2
loans = 20
requests = 10
max_owed = "no limit"
fine = "0"
max_fine = "no limit"
shelf_days = 7
double_scan = "10 seconds"
renew_min_gain = "1 minute"
`, currency, zone)
}
