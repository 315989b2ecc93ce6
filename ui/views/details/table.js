/** Which params of a strip stand on which page of the channel view, and what they are called there. */

const isSoloBus = ({ kind }) => kind === "solo"
/** A master without a way into a mono bus: its switch `mono` makes it mono itself. */
const isMaster = ({ kind, params }) => ["bus", "main"].includes(kind) && !("mono_level" in params)

/**
 * `claims`: a local path, or the beginning of one that ends in a slash; `of`: the strips that have the page, all without it.
 * The first page that claims a local has it; what no page claims comes last, on "More".
 */
export const PAGES = [
	{ name: "Solo", claims: ["mode", "dim", "mono"], of: isSoloBus },
	{ name: "Output", claims: ["limiter", "ceiling", "mono", "delay/"], of: isMaster },
	{ name: "Input", claims: ["source", "gain", "phantom", "usb", "trim", "polarity", "insert/", "delay/", "arm", "take"] },
	{ name: "Loudness", claims: [] },
	{ name: "EQ", claims: ["lowcut/", "eq/"] },
	{ name: "Gate", claims: ["gate/"] },
	{ name: "Dynamics", claims: ["dyn/", "automix/"] },
	{ name: "Effect", claims: ["reverb/", "echo/"] },
	{ name: "Sends", claims: ["send/", "main", "mono", "mono_level"] },
	{ name: "Groups", claims: ["dca/", "mutegroup/", "link"] },
	{ name: "Name", claims: ["fader", "mute", "pan", "solo", "rec", "select", "name", "color", "icon", "clip"] },
	{ name: "History", claims: [] },
	{ name: "More", claims: [] },
]

/** Drawn at the edge or by sections of their own, or meant for no person: pictures we do not have, words shown beside a fader. */
const DRAWN_ELSEWHERE = ["fader", "mute", "pan", "solo", "rec", "select", "name", "color", "icon", "clip", "members", "missing", "behind", "by_position"]

/** By local path, else by its last part; else that part itself, capitalised. */
const WORDS = {
	link: "Stereo link",
	main: "To main",
	mono: "To mono",
	phantom: "48 V",
	usb: "USB return",
	polarity: "Ø Polarity",
	insert: "Insert",
	lowcut: "Low cut",
	eq: "EQ",
	dyn: "Dynamics",
	filter: "Key filter",
	freq: "Frequency",
	q: "Q",
	detect: "Detector",
	makeup: "Make-up",
	auto: "Auto time",
	arm: "Record arm",
	take: "Take plays",
	automix: "Automatic mixing",
	echo: "Delay",
	predelay: "Pre-delay",
	pingpong: "Ping-pong",
	highcut: "High cut",
	on: "On",
}

/** The most used params first; the rest in the console's own order. */
const ORDER = ["source", "type", "freq", "gain", "q", "trim", "threshold", "ratio", "range", "knee", "makeup", "attack", "hold", "release", "mix"]

export function inOrder(locals) {
	const place = (local) => (ORDER.indexOf(local.slice(local.lastIndexOf("/") + 1)) + 1 || ORDER.length + 1)
	return [...locals].sort((one, other) => place(one) - place(other))
}

export function wordFor(local) {
	const last = local.slice(local.lastIndexOf("/") + 1)
	const word = WORDS[local] ?? WORDS[last] ?? last.replaceAll("_", " ")
	return word[0].toUpperCase() + word.slice(1)
}

/** What a param of this strip is called: the same local is another thing on a strip of another kind. */
export function wordOn(strip, local) {
	if (local === "mono" && (isSoloBus(strip) || isMaster(strip))) return "Mono"
	return local === "mode" && isSoloBus(strip) ? "Listen" : wordFor(local)
}

/** A param in a sentence: "EQ 1 type", "Low cut slope". */
export function spokenLocal(local) {
	const [first, ...rest] = local.split("/")
	const last = rest.pop()
	return [wordFor(first), ...rest, last && wordFor(`${first}/${last}`).toLowerCase()].filter(Boolean).join(" ")
}

/** The locals of a strip that a page draws by itself, in the console's own order. */
export function localsOf(strip, { name }) {
	const locals = Object.keys(strip.params).filter((local) => !/\/(text|idle)$/.test(local) && !DRAWN_ELSEWHERE.includes(local))
	return locals.filter((local) => pageOf(strip, local) === name)
}

function pageOf(strip, local) {
	const claimed = (claim) => (claim.endsWith("/") ? local.startsWith(claim) : local === claim)
	const page = PAGES.find(({ claims, of }) => claims.some(claimed) && (!of || of(strip)))
	return page?.name ?? "More"
}

/** Locals by what stands before their last part: "" for those of the strip itself. */
export function groupsOf(locals) {
	const groups = new Map()
	for (const local of locals) {
		const name = local.slice(0, Math.max(0, local.lastIndexOf("/")))
		groups.set(name, [...(groups.get(name) ?? []), local])
	}
	return groups
}
