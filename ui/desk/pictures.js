/**
 * Pictures of strips, as spectra and loudness: the page says which ones it looks at, and the server sends these alone. A path is
 * that of the strip and the picture's name: `band/ch3/spectrum`; or of a strip that is shown whole, which nothing is sent of.
 */
const KIND = 3 // first byte of a picture; then the length of its path, the path, and its body
const HEAD_BYTES = 2
/** The server sends a page no more at once. */
const MOST = 4

export class Pictures {
	#link
	#watchers = new Map()
	#newest = new Map()
	#asked = "[]"
	#hidden = false
	#queued = false

	constructor(link) {
		this.#link = link
	}

	/** Looks at a picture; `seen(bytes)` gets the newest and each that comes, and no bytes when there is none any more. Returns the way to stop. */
	look(path, seen) {
		this.#watchers.set(path, [...(this.#watchers.get(path) ?? []), seen])
		if (this.#newest.has(path)) seen(this.#newest.get(path))
		this.#ask()
		return () => {
			const left = this.#watchers.get(path).filter((one) => one !== seen)
			if (left.length) this.#watchers.set(path, left)
			else [this.#watchers, this.#newest].forEach((map) => map.delete(path))
			this.#ask()
		}
	}

	/** Takes one binary frame; false when it is no picture. */
	frame(buffer) {
		const bytes = new Uint8Array(buffer)
		if (bytes[0] !== KIND) return false
		const end = HEAD_BYTES + bytes[1]
		const path = new TextDecoder().decode(bytes.subarray(HEAD_BYTES, end))
		this.#see(path, bytes.subarray(end))
		return true
	}

	/** The link is gone: what was seen last is no longer so. */
	drop() {
		for (const path of this.#watchers.keys()) this.#see(path, new Uint8Array(0))
	}

	#see(path, body) {
		if (!this.#watchers.has(path)) return
		this.#newest.set(path, body)
		for (const seen of this.#watchers.get(path)) seen(body)
	}

	/** A hidden page looks at nothing. */
	show(shown) {
		this.#hidden = !shown
		this.#ask()
	}

	/** A new link knows of no look yet. */
	open(shown) {
		this.#asked = "[]"
		this.show(shown)
	}

	/** Once for all that comes and goes in one step, as when one strip's view follows another's. */
	#ask() {
		if (this.#queued) return
		this.#queued = true
		queueMicrotask(() => {
			this.#queued = false
			const at = this.#hidden ? [] : [...this.#watchers.keys()].slice(-MOST)
			if (JSON.stringify(at) !== this.#asked && this.#link.send({ type: "look", at })) this.#asked = JSON.stringify(at)
		})
	}
}
