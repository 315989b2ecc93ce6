/** Large messages come packed, by zlib; where the browser cannot unpack, the server is not asked for them. */

const KIND = 2 // first byte of a packed message; meter frames have another

export const canUnpack = () => "DecompressionStream" in globalThis

/**
 * Returns `receive(data)`, which hands texts and meter frames on to `pass(data)`, in the order in which they came: what comes
 * behind a packed message waits until that one is unpacked. `fail()` when one cannot be: what it said is lost.
 */
export function unpacker(pass, fail) {
	let behind = null // what waits behind the message that is being unpacked
	return function receive(data) {
		if (behind) behind.push(data)
		else if (isPacked(data)) {
			behind = []
			unpack(data).then((text) => {
				const waited = behind
				behind = null
				for (const one of [text, ...waited]) queueMicrotask(() => receive(one)) // each by itself: a fault in one ends no other
			}, fail)
		} else pass(data)
	}
}

const isPacked = (data) => typeof data !== "string" && new Uint8Array(data, 0, 1)[0] === KIND

/** A Blob would go to another process and back, which costs a slow phone 25 ms. */
function unpack(buffer) {
	const packed = new Response(new Uint8Array(buffer, 1))
	return new Response(packed.body.pipeThrough(new DecompressionStream("deflate"))).text()
}
