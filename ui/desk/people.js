/** Connected people, and the person of this page. */
import { Signal } from "./signal.js"

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86400
const NOW_S = 10

const CREW = ["host", "engineer"]

export class People {
	list = new Signal([])
	you = new Signal(null)

	set(people) {
		this.list.set(people)
		const mine = people.find(({ client }) => client === this.you.value?.client)
		if (mine) this.you.set({ ...this.you.value, ...mine })
	}

	/** Whether this page is the host's. */
	get isHost() {
		return this.you.value?.role === "host"
	}

	/** Whether this page belongs to the sound crew: a host or an engineer. */
	get isCrew() {
		return CREW.includes(this.you.value?.role)
	}

	find(client) {
		return this.list.value.find((person) => person.client === client)
	}

	/** Name, colour and initials for a client, also one that has just left. */
	mark(client) {
		const person = this.find(client)
		const name = person?.name ?? "Someone"
		return { name, color: person?.color ?? "grey", initials: person?.initials ?? initialsOf(name) }
	}
}

/** Two capital letters for a name, as the server gives them (remote_mixer/hub/client.py). */
export function initialsOf(name) {
	const words = name.trim().split(/\s+/)
	const letters = words.length > 1 ? [...words[0]][0] + [...words[1]][0] : [...(words[0] || "?")].slice(0, 2).join("")
	return letters.toUpperCase()
}

/** A friendly first name for this page: "iPhone", "Android tablet", "Firefox on Linux". */
export function deviceName(agent, touchPoints = 0) {
	if (/iPhone/.test(agent)) return "iPhone"
	if (/iPad/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1)) return "iPad"
	if (/Android/.test(agent)) return /Mobile/.test(agent) ? "Android phone" : "Android tablet"
	return `${browserName(agent)} on ${systemName(agent)}`
}

function browserName(agent) {
	if (/Firefox\//.test(agent)) return "Firefox"
	if (/Edg\//.test(agent)) return "Edge"
	if (/Chrom(e|ium)\//.test(agent)) return "Chrome"
	return /Safari\//.test(agent) ? "Safari" : "Browser"
}

function systemName(agent) {
	if (/Windows/.test(agent)) return "Windows"
	return /Mac OS X/.test(agent) ? "Mac" : "Linux"
}

/** A v4 uuid; crypto.randomUUID is missing on plain http. */
export function freshUuid(random = (bytes) => crypto.getRandomValues(bytes)) {
	const bytes = random(new Uint8Array(16))
	bytes[6] = (bytes[6] & 0x0f) | 0x40
	bytes[8] = (bytes[8] & 0x3f) | 0x80
	const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-")
}

/**
 * One entry for each person. `answer` is that of `GET people` (null where unknown), `pages` all open pages. Returns
 * `{key, id, name, role, mix, color, initials, seen, pages, you}`, connected people first; `id` is null without a record.
 */
export function folkOf(answer, pages, me) {
	const known = answer?.people ?? []
	const people = known.map((person) => personOf(person, pages.filter((page) => page.person === person.id), me))
	const rest = new Map()
	for (const page of pages.filter(({ person }) => !known.some(({ id }) => id === person))) {
		const key = page.person ?? page.client
		rest.set(key, [...(rest.get(key) ?? []), page])
	}
	const others = [...rest.values()].map((own) => personOf({ ...own[0], id: null, here: answer?.pages }, own, me))
	return [...people, ...others].sort((one, other) => isHere(other) - isHere(one) || one.name.localeCompare(other.name))
}

/** A person's key is their id; a page without a person has its own. */
function personOf(person, own, me) {
	const reports = new Map((person.here ?? []).map((page) => [page.client, page]))
	const pages = own.map((page) => ({ ...page, ...reports.get(page.client) }))
	const { name, role = "", mix = "", id, seen = null } = person
	const { color = "grey", initials = initialsOf(name) } = own[0] ?? {}
	return { key: id ?? `page ${person.person ?? person.client}`, id, name, role, mix, color, initials, seen, pages, you: own.some(({ client }) => client === me) }
}

export function isHere({ pages }) {
	return pages.length > 0
}

/** "iPhone · 12 ms · 3 dropouts · asleep · moved 2 min ago": what is known of one page. */
export function pageWords({ device, rtt, dropouts, awake, touched }, now) {
	const words = [
		device,
		Number.isFinite(rtt) && awake !== false && `${rtt} ms`,
		dropouts > 0 && `${dropouts} ${dropouts === 1 ? "dropout" : "dropouts"}`,
		awake === false && "asleep",
		touched && `moved ${ago(touched, now)}`,
	]
	return words.filter(Boolean).join(" · ")
}

/** Rough time since a moment (RFC 3339), in words. `now` in ms since 1970. */
export function ago(at, now) {
	const seconds = Math.max(0, (now - Date.parse(at)) / 1000)
	if (seconds < NOW_S) return "just now"
	if (seconds < MINUTE_S) return `${Math.round(seconds)} s ago`
	if (seconds < HOUR_S) return `${Math.round(seconds / MINUTE_S)} min ago`
	if (seconds < DAY_S) return `${Math.round(seconds / HOUR_S)} h ago`
	const days = Math.round(seconds / DAY_S)
	return `${days} ${days === 1 ? "day" : "days"} ago`
}
