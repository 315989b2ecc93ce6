/** Reports of this page's link, for the sound crew: round trip, dropouts, awake or asleep. */
const EACH_MS = 5000

export class Presence {
	#link
	#clock
	#awake = true
	#dropouts = 0
	#timer = null

	constructor(link, clock) {
		this.#link = link
		this.#clock = clock
		link.status.watch(() => this.#timer === null && this.#tell())
	}

	/** The page comes into sight, or is about to sleep: the next word may be the last for a while. */
	wake(awake) {
		this.#awake = awake
		this.#tell()
	}

	/** Being sent away is no dropout. */
	lost() {
		if (this.#link.status.value.state === "reconnecting") this.#dropouts += 1
	}

	#tell() {
		this.#clock.clearTimeout(this.#timer)
		this.#timer = null
		const { rtt } = this.#link.status.value
		if (rtt === null || !this.#link.send({ type: "here", rtt, dropouts: this.#dropouts, awake: this.#awake })) return
		if (this.#awake) this.#timer = this.#clock.setTimeout(() => this.#tell(), EACH_MS)
	}
}
