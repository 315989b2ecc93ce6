import assert from "node:assert/strict"
import test from "node:test"
import { roomWords, sizeWords, timeWords } from "../../ui/desk/take-words.js"
import { addressOf, markAll, turnRecording } from "../../ui/desk/takes.js"

/** A page with one console that records, and what it asked for. */
function page({ recording = "", isCrew = true } = {}) {
	const asked = []
	const console = { name: "band", actions: new Map([["record", {}], ["play_take", {}]]) }
	const other = { name: "foh", actions: new Map([["record", {}]]) }
	return { asked, people: { isCrew }, consoles: { list: { value: [console, other] } }, store: { get: (path) => (path === "band/recorder/file" ? recording : null) }, act: (...words) => asked.push(words) }
}

test("times and sizes are as people read them", () => {
	assert.deepEqual([0, 7.9, 723, 11_232].map(timeWords), ["0:00", "0:07", "12:03", "3:07:12"])
	assert.deepEqual([50, 3_725, 300_000].map(roomWords), ["0 min", "1 h 2 min", "3 days"])
	assert.deepEqual([900, 17_000_000, 4_600_000_000].map(sizeWords), ["1 kB", "17 MB", "4.6 GB"])
})

test("one key records, and ends what is recorded", () => {
	const [idle, busy] = [page(), page({ recording: "Gig.wav" })]
	turnRecording(idle, "band", { name: "Gig" })
	turnRecording(busy, "band")
	assert.deepEqual([idle.asked, busy.asked], [[["band", "record", { name: "Gig" }]], [["band", "stop_recording"]]])
})

test("M sets a marker in what is recorded, and is no key of ours where nothing is", () => {
	const busy = page({ recording: "Gig.wav" })
	markAll(busy)()
	assert.deepEqual(busy.asked, [["band", "mark"]])
	assert.equal(markAll(page()), null)
	assert.equal(markAll(page({ recording: "Gig.wav", isCrew: false })), null)
})

test("the address of a take holds any name", () => {
	assert.equal(addressOf("band", { file: "Ä 1/2 #?.wav" }), "/api/v1/takes/band/%C3%84%201%2F2%20%23%3F.wav")
})
