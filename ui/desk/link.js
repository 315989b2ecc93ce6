/** The socket and its life: the hello, a ping a second, and reconnecting when it is lost. */
import { Signal } from "./signal.js"
import { unpacker } from "./unpack.js"

const OPEN = 1 // a socket's readyState; while it is closing a browser drops what is sent
const PING_MS = 1000
const DEAD_MS = 3000
const RETURN_PATIENCE_MS = 1000
const YOUNG_MS = 500 // a try younger than this may still succeed; an older one hangs
const REPLACED = 4001 // the server's close code: two tabs share this id
const JOIN_FIRST = 4003 // the server's close code: trying again is useless before joining
const RETRY_MS = [0, 250, 500, 1000, 2000, 3000]

export class Link {
	/** State: connecting, online, reconnecting or outside (not let in); `rtt` is the round trip in ms, `since` the clock's time. */
	status = new Signal({ state: "connecting", rtt: null, since: 0 })
	#open
	#clock
	#on
	#socket = null
	#tries = 0
	#receivedAt = 0
	#patience = DEAD_MS
	#hidden = false
	#timer = null

	/**
	 * `open()` → WebSocket; one that was `greeted` has its hello in the address, and `early` the events that came before. `on` has `hello()` → first frame, `received(data)`, `sent(text)`, `lost()`, `replaced()` (the
	 * id is another tab's) and `refused()` (not let in).
	 */
	constructor(open, clock, on) {
		;[this.#open, this.#clock, this.#on] = [open, clock, on]
	}

	start() {
		this.#show("connecting")
		this.#dial()
	}

	/** Disconnects; no more tries until `start` or, of a page that is put away as "reconnecting", until it is shown again. */
	stop(state = "outside") {
		const wasOnline = this.online
		this.#quit()
		this.#tries = 0
		this.#show(state, this.#clock.now())
		if (wasOnline) this.#on.lost()
	}

	get online() {
		return this.status.value.state === "online"
	}

	/** False when the link is down, or its socket about to close: nothing is kept for later. */
	send(frame) {
		if (!this.online || this.#socket.readyState !== OPEN) return false
		this.#post(JSON.stringify(frame))
		return true
	}

	/** Retries now: after a tap on the status, when the network is back, when the page wakes up. */
	nudge() {
		const young = this.#socket && this.#clock.now() - this.#receivedAt < YOUNG_MS
		if (!this.online && !young && this.status.value.state !== "outside") this.#dial()
	}

	/** A hidden page sends no pings; one that is shown again pings at once and waits 1 s at most. */
	hidden(hidden) {
		this.#hidden = hidden
		if (hidden) return
		if (!this.online) return this.nudge()
		this.#receivedAt = this.#clock.now()
		this.#patience = RETURN_PATIENCE_MS
		this.#beat()
	}

	/** The first welcome or resume has come: sets may pass from here on. */
	welcomed() {
		this.#tries = 0
		this.#patience = DEAD_MS
		this.#show("online", this.#clock.now())
		this.#beat()
	}

	pong(sentAt) {
		const rtt = Math.max(0, Math.round(this.#clock.now() - sentAt))
		if (this.online && rtt !== this.status.value.rtt) this.status.set({ ...this.status.value, rtt })
	}

	#show(state, since = 0) {
		this.status.set({ state, rtt: null, since })
	}

	#dial() {
		this.#quit()
		this.#receivedAt = this.#clock.now()
		this.#patience = DEAD_MS
		const socket = (this.#socket = this.#open())
		socket.onopen = () => socket.greeted || this.#post(JSON.stringify(this.#on.hello()))
		if (socket.readyState === OPEN) socket.onopen()
		const receive = unpacker((data) => socket === this.#socket && this.#on.received(data), () => socket === this.#socket && this.#lose())
		socket.onmessage = ({ data }) => socket === this.#socket && [this.#heard(), receive(data)]
		socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code)
		this.#timer = this.#clock.setTimeout(() => this.#beat(), PING_MS)
		for (const event of socket.early ?? []) socket.onmessage(event)
	}

	#heard() {
		this.#receivedAt = this.#clock.now()
		this.#patience = DEAD_MS
	}

	#closed(code) {
		if (code === JOIN_FIRST) return this.stop(), this.#on.refused()
		if (code === REPLACED) this.#on.replaced()
		this.#lose()
	}

	#beat() {
		this.#clock.clearTimeout(this.#timer)
		const silence = this.#clock.now() - this.#receivedAt
		if (silence >= this.#patience && !this.#hidden) return this.#lose()
		if (this.online && !this.#hidden) this.send({ type: "ping", t: Math.round(this.#clock.now()) })
		this.#timer = this.#clock.setTimeout(() => this.#beat(), Math.min(PING_MS, Math.max(50, this.#patience - silence)))
	}

	#lose() {
		const { state, since } = this.status.value
		const wasOnline = this.online
		this.#quit()
		const wait = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]
		this.#tries += 1
		this.#show(state === "connecting" ? state : "reconnecting", wasOnline || !since ? this.#clock.now() : since)
		if (wasOnline) this.#on.lost()
		this.#timer = this.#clock.setTimeout(() => this.#dial(), wait)
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
		this.#on.sent(text)
		this.#socket.send(text)
	}
}
