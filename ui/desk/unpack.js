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

function unpack(buffer) {
	const packed = new Blob([new Uint8Array(buffer, 1)])
	return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate"))).text()
}
