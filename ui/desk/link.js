/**
 * The socket and its life: hello, a ping a second, and back again when it is gone.
 *
 * `status` is `{state, rtt, since}` with state connecting, online, reconnecting or outside (not let in). Frames go
 * to `onframe` and `onbinary`; `onopen` gives the hello; `ontraffic(direction, text)` sees everything.
 */
import { Signal } from "./signal.js"

const PING_MS = 1000
const DEAD_MS = 3000
const RETURN_PATIENCE_MS = 1000
/** A try younger than this may yet succeed; an older one hangs. */
const YOUNG_MS = 500
/** A doubled tab has our id. */
const REPLACED = 4001
/** Not let in, or not any more: trying again is of no use before joining. */
const JOIN_FIRST = 4003
const RETRY_MS = [0, 250, 500, 1000, 2000, 3000]

export class Link {
	status = new Signal({ state: "connecting", rtt: null, since: 0 })
	onframe = () => {}
	onbinary = () => {}
	onopen = () => ({})
	ontraffic = () => {}
	onlost = () => {}
	onreplaced = () => {}
	onstranger = () => {}
	#open
	#clock
	#socket = null
	#tries = 0
	#heard = 0
	#patience = DEAD_MS
	#hidden = false
	#timer = null

	constructor(open, clock) {
		this.#open = open
		this.#clock = clock
	}

	start() {
		if (this.#outside) this.status.set({ state: "connecting", rtt: null, since: 0 })
		this.#dial()
	}

	/** No more tries until `start`. */
	stop() {
		const wasOnline = this.online
		this.#quit()
		this.#tries = 0
		this.status.set({ state: "outside", rtt: null, since: 0 })
		if (wasOnline) this.onlost()
	}

	get online() {
		return this.status.value.state === "online"
	}

	get #outside() {
		return this.status.value.state === "outside"
	}

	/** False when the link is down: nothing is kept for later. */
	send(frame) {
		if (!this.online) return false
		this.#post(JSON.stringify(frame))
		return true
	}

	/** Now rather than later: a tap on the status, the network is back, the page woke up. */
	nudge() {
		const young = this.#socket && this.#clock.now() - this.#heard < YOUNG_MS
		if (!this.online && !young && !this.#outside) this.#dial()
	}

	/** A hidden page does not ping; one that returns asks at once, and waits a second at most. */
	hidden(hidden) {
		this.#hidden = hidden
		if (hidden) return
		if (!this.online) return this.nudge()
		this.#heard = this.#clock.now()
		this.#patience = RETURN_PATIENCE_MS
		this.#beat()
	}

	/** The first welcome or resume has come: from here on sets may pass. */
	welcomed() {
		this.#tries = 0
		this.#patience = DEAD_MS
		this.status.set({ state: "online", rtt: null, since: this.#clock.now() })
		this.#beat()
	}

	pong(sentAt) {
		const rtt = Math.max(0, Math.round(this.#clock.now() - sentAt))
		if (this.online && rtt !== this.status.value.rtt) this.status.set({ ...this.status.value, rtt })
	}

	#dial() {
		this.#quit()
		this.#heard = this.#clock.now()
		this.#patience = DEAD_MS
		const socket = (this.#socket = this.#open())
		socket.binaryType = "arraybuffer"
		socket.onopen = () => this.#post(JSON.stringify(this.onopen()))
		socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(data)
		socket.onclose = ({ code }) => {
			if (socket !== this.#socket) return
			if (code === JOIN_FIRST) return this.#refused()
			if (code === REPLACED) this.onreplaced()
			this.#lose()
		}
		this.#timer = this.#clock.setTimeout(() => this.#beat(), PING_MS)
	}

	#hear(data) {
		this.#heard = this.#clock.now()
		this.#patience = DEAD_MS
		this.ontraffic("in", data)
		if (typeof data !== "string") return this.onbinary(data)
		const frame = parse(data)
		if (frame) this.onframe(frame)
	}

	#beat() {
		this.#clock.clearTimeout(this.#timer)
		const silence = this.#clock.now() - this.#heard
		if (silence >= this.#patience && !this.#hidden) return this.#lose()
		if (this.online && !this.#hidden) this.send({ type: "ping", t: Math.round(this.#clock.now()) })
		this.#timer = this.#clock.setTimeout(() => this.#beat(), Math.min(PING_MS, Math.max(50, this.#patience - silence)))
	}

	#lose() {
		const wasOnline = this.online
		this.#quit()
		const wait = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]
		this.#tries += 1
		const now = this.#clock.now()
		const since = wasOnline || !this.status.value.since ? now : this.status.value.since
		const state = this.status.value.state === "connecting" ? "connecting" : "reconnecting"
		this.status.set({ state, rtt: null, since })
		if (wasOnline) this.onlost()
		this.#timer = this.#clock.setTimeout(() => this.#dial(), wait)
	}

	#refused() {
		this.stop()
		this.onstranger()
	}

	#quit() {
		this.#clock.clearTimeout(this.#timer)
		const socket = this.#socket
		this.#socket = null
		if (!socket) return
		socket.onopen = socket.onmessage = socket.onclose = null
		socket.close()
	}

	#post(text) {
		this.ontraffic("out", text)
		this.#socket.send(text)
	}
}

/** What is not a JSON object is no frame of ours (an answer to plain text, say). */
function parse(text) {
	try {
		const frame = JSON.parse(text)
		return frame && typeof frame === "object" && !Array.isArray(frame) ? frame : null
	} catch {
		return null
	}
}
