/** Who is here, and who this page is. */
import { Signal } from "./signal.js"

export class People {
	list = new Signal([])
	you = new Signal(null)

	set(people) {
		this.list.set(people)
		const mine = people.find(({ client }) => client === this.you.value?.client)
		if (mine) this.you.set({ ...this.you.value, ...mine })
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

export function initialsOf(name) {
	const words = name.trim().split(/\s+/)
	const letters = words.length > 1 ? words[0][0] + words[1][0] : [...(words[0] || "?")].slice(0, 2).join("")
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
