/** People as one list: each once, however many pages they have open, and what is to be said of them. */
import { initialsOf } from "./people.js"

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86400
const NOW_S = 10

/**
 * `told` is the answer of `GET people` (null where it is not known), `pages` all open pages (of the wire). Answers
 * `{key, id, name, role, mix, color, initials, seen, pages, you}`, who is here first; `id` is null for who came in by no door.
 */
export function folkOf(told, pages, me) {
	const known = told?.people ?? []
	const people = known.map((person) => together(person, pages.filter((page) => page.person === person.id), me))
	const rest = new Map()
	for (const page of pages.filter(({ person }) => !known.some(({ id }) => id === person))) {
		const key = page.person ?? page.client
		rest.set(key, [...(rest.get(key) ?? []), page])
	}
	const others = [...rest.values()].map((own) => together({ ...own[0], id: null, here: told?.pages }, own, me))
	return [...people, ...others].sort((one, other) => isHere(other) - isHere(one) || one.name.localeCompare(other.name))
}

/** Who came in by a door is known by their id, a page without a person by its own. */
function together(person, own, me) {
	const told = new Map((person.here ?? []).map((page) => [page.client, page]))
	const pages = own.map((page) => ({ ...page, ...told.get(page.client) }))
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

/** How long ago a moment (RFC 3339) is, in rough words. `now` in ms since 1970. */
export function ago(at, now) {
	const seconds = Math.max(0, (now - Date.parse(at)) / 1000)
	if (seconds < NOW_S) return "just now"
	if (seconds < MINUTE_S) return `${Math.round(seconds)} s ago`
	if (seconds < HOUR_S) return `${Math.round(seconds / MINUTE_S)} min ago`
	if (seconds < DAY_S) return `${Math.round(seconds / HOUR_S)} h ago`
	const days = Math.round(seconds / DAY_S)
	return `${days} ${days === 1 ? "day" : "days"} ago`
}
