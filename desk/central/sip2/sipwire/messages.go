package sipwire

// messages are all that the protocol has, in the order of their codes. The
// fields stand in the order of the protocol's own description, with which real
// peers read them.
var messages = []Spec{
	{
		Code: BlockPatron, Name: "block patron", By: ByTerminal, Reply: PatronStatusResponse,
		Header: []Slot{{CardRetained, YesNo}, {TransactionDate, Date}},
		Fields: uses("AO AL AA AC"),
	},
	{
		Code: Checkin, Name: "checkin", By: ByTerminal, Reply: CheckinResponse,
		Header: []Slot{{NoBlock, YesNo}, {TransactionDate, Date}, {ReturnDate, Date}},
		Fields: uses("AP AO AB AC CH? BI?"),
	},
	{
		Code: CheckinResponse, Name: "checkin response", By: BySystem,
		Header: []Slot{{OK, Binary}, {Resensitize, YesNo}, {MagneticMedia, YesNoOther}, {Alert, YesNo}, {TransactionDate, Date}},
		Fields: uses("AO AB AQ AJ? CL? AA? CK? CH? AF* AG*"),
	},
	{
		Code: Checkout, Name: "checkout", By: ByTerminal, Reply: CheckoutResponse,
		Header: []Slot{{RenewalPolicy, YesNo}, {NoBlock, YesNo}, {TransactionDate, Date}, {NBDueDate, DateOrNone}},
		Fields: uses("AO AA AB AC CH? AD? BO? BI?"),
	},
	{
		Code: CheckoutResponse, Name: "checkout response", By: BySystem,
		Header: []Slot{{OK, Binary}, {RenewalOK, YesNo}, {MagneticMedia, YesNoOther}, {Desensitize, YesNo}, {TransactionDate, Date}},
		Fields: uses("AO AA AB AJ AH BT? CI? BH? BV? CK? CH? BK? AF* AG*"),
	},
	{
		Code: Hold, Name: "hold", By: ByTerminal, Reply: HoldResponse,
		Header: []Slot{{HoldMode, Char}, {TransactionDate, Date}},
		Fields: uses("BW? BS? BY? AO AA AD? AB? AJ? AC? BO?"),
	},
	{
		Code: HoldResponse, Name: "hold response", By: BySystem,
		Header: []Slot{{OK, Binary}, {Available, YesNo}, {TransactionDate, Date}},
		Fields: uses("BW? BR? BS? AO AA AB? AJ? AF* AG*"),
	},
	{
		Code: ItemInformation, Name: "item information", By: ByTerminal, Reply: ItemInformationResponse, Asks: true,
		Header: []Slot{{TransactionDate, Date}},
		Fields: uses("AO AB AC?"),
	},
	{
		Code: ItemInformationResponse, Name: "item information response", By: BySystem,
		Header: []Slot{{CirculationStatus, Code2}, {SecurityMarkerPart, Code2}, {FeeTypePart, Code2}, {TransactionDate, Date}},
		Fields: uses("CF? AH? CJ? CM? AB AJ BG? BH? BV? CK? AQ? AP? CH? AF* AG*"),
	},
	{
		Code: ItemStatusUpdate, Name: "item status update", By: ByTerminal, Reply: ItemStatusUpdateResponse,
		Header: []Slot{{TransactionDate, Date}},
		Fields: uses("AO AB AC? CH"),
	},
	{
		Code: ItemStatusUpdateResponse, Name: "item status update response", By: BySystem,
		Header: []Slot{{PropertiesOK, Binary}, {TransactionDate, Date}},
		Fields: uses("AB AJ? CH? AF* AG*"),
	},
	{
		Code: PatronStatusRequest, Name: "patron status request", By: ByTerminal, Reply: PatronStatusResponse, Asks: true,
		Header: []Slot{{Language, Digits3}, {TransactionDate, Date}},
		Fields: uses("AO AA AC AD"),
	},
	{
		Code: PatronStatusResponse, Name: "patron status response", By: BySystem,
		Header: []Slot{{PatronStatusPart, Status}, {Language, Digits3}, {TransactionDate, Date}},
		Fields: uses("AO AA AE BL? CQ? BH? BV? AF* AG*"),
	},
	{
		Code: PatronEnable, Name: "patron enable", By: ByTerminal, Reply: PatronEnableResponse,
		Header: []Slot{{TransactionDate, Date}},
		Fields: uses("AO AA AC? AD?"),
	},
	{
		Code: PatronEnableResponse, Name: "patron enable response", By: BySystem,
		Header: []Slot{{PatronStatusPart, Status}, {Language, Digits3}, {TransactionDate, Date}},
		Fields: uses("AO AA AE BL? CQ? AF* AG*"),
	},
	{
		Code: Renew, Name: "renew", By: ByTerminal, Reply: RenewResponse,
		Header: []Slot{{ThirdPartyAllowed, YesNo}, {NoBlock, YesNo}, {TransactionDate, Date}, {NBDueDate, DateOrNone}},
		Fields: uses("AO AA AD? AB? AJ? AC? CH? BO?"),
	},
	{
		Code: RenewResponse, Name: "renew response", By: BySystem,
		Header: []Slot{{OK, Binary}, {RenewalOK, YesNo}, {MagneticMedia, YesNoOther}, {Desensitize, YesNo}, {TransactionDate, Date}},
		Fields: uses("AO AA AB AJ AH BT? CI? BH? BV? CK? CH? BK? AF* AG*"),
	},
	{
		Code: EndSession, Name: "end patron session", By: ByTerminal, Reply: EndSessionResponse,
		Header: []Slot{{TransactionDate, Date}},
		Fields: uses("AO AA AC? AD?"),
	},
	{
		Code: EndSessionResponse, Name: "end session response", By: BySystem,
		Header: []Slot{{SessionEnded, YesNo}, {TransactionDate, Date}},
		Fields: uses("AO AA AF* AG*"),
	},
	{
		Code: FeePaid, Name: "fee paid", By: ByTerminal, Reply: FeePaidResponse,
		Header: []Slot{{TransactionDate, Date}, {FeeTypePart, Code2}, {PaymentTypePart, Code2}, {CurrencyPart, Currency}},
		Fields: uses("BV AO AA AC? AD? CG? BK?"),
	},
	{
		Code: FeePaidResponse, Name: "fee paid response", By: BySystem,
		Header: []Slot{{PaymentAccepted, YesNo}, {TransactionDate, Date}},
		Fields: uses("AO AA BK? AF* AG*"),
	},
	{
		Code: PatronInformation, Name: "patron information", By: ByTerminal, Reply: PatronInformationResponse, Asks: true,
		Header: []Slot{{Language, Digits3}, {TransactionDate, Date}, {WantedSummary, Summary}},
		Fields: uses("AO AA AC? AD? BP? BQ?"),
	},
	{
		Code: PatronInformationResponse, Name: "patron information response", By: BySystem,
		Header: []Slot{
			{PatronStatusPart, Status}, {Language, Digits3}, {TransactionDate, Date},
			{HoldItems, Count}, {OverdueItems, Count}, {ChargedItems, Count},
			{FineItems, Count}, {RecallItems, Count}, {UnavailableHolds, Count},
		},
		Fields: uses("AO AA AE BZ? CA? CB? BL? CQ? BH? BV? CC? AS* AT* AU* AV* BU* CD* BD? BE? BF? AF* AG*"),
	},
	{
		Code: RenewAll, Name: "renew all", By: ByTerminal, Reply: RenewAllResponse,
		Header: []Slot{{TransactionDate, Date}},
		Fields: uses("AO AA AD? AC? BO?"),
	},
	{
		Code: RenewAllResponse, Name: "renew all response", By: BySystem,
		Header: []Slot{{OK, Binary}, {RenewedCount, Count}, {UnrenewedCount, Count}, {TransactionDate, Date}},
		Fields: uses("AO BM* BN* AF* AG*"),
	},
	{
		Code: Login, Name: "login", By: ByTerminal, Reply: LoginResponse,
		Header: []Slot{{UIDAlgorithm, Code1}, {PasswordAlgorithm, Code1}},
		Fields: uses("CN CO CP?"),
	},
	{
		Code: LoginResponse, Name: "login response", By: BySystem,
		Header: []Slot{{OK, Binary}},
	},
	{Code: RequestTerminalResend, Name: "request SC resend", By: BySystem},
	{Code: RequestSystemResend, Name: "request ACS resend", By: ByTerminal},
	{
		Code: SystemStatus, Name: "ACS status", By: BySystem,
		Header: []Slot{
			{Online, YesNo}, {CheckinOK, YesNo}, {CheckoutOK, YesNo}, {RenewalAllowed, YesNo}, {StatusUpdateOK, YesNo},
			{OfflineOK, YesNo}, {TimeoutPeriod, Digits3}, {RetriesAllowed, Digits3}, {DateTimeSync, Date}, {ProtocolVersion, Version},
		},
		Fields: uses("AO AM? BX AN? AF* AG*"),
	},
	{
		Code: TerminalStatus, Name: "SC status", By: ByTerminal, Reply: SystemStatus, Asks: true,
		Header: []Slot{{StatusCode, Code1}, {PrintWidth, Digits3}, {ProtocolVersion, Version}},
	},
	{Code: EndConnection, Name: "end SIP session", By: ByTerminal, Reply: EndConnectionResponse},
	{Code: EndConnectionResponse, Name: "end SIP session response", By: BySystem},
}
