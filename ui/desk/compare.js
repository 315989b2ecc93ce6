/** Two settings of a section, A and B: one sounds, a copy of the other waits here. */
export class Compare {
	at = "A"

	/** `other`: path → value of B, while A sounds. */
	constructor(other) {
		this.other = other
	}

	/** Lets the other one sound: returns what has to be set for it, path → value; `now` waits from here on. */
	flip(now) {
		const wanted = this.other
		this.other = now
		this.at = this.at === "A" ? "B" : "A"
		return Object.fromEntries(Object.entries(wanted).filter(([path, value]) => now[path] !== value))
	}
}
