/** The report that goes with a bug: shown, copied, saved. */
import { make } from "../elements/element.js"

const WORDS = "About this mixer and its computer, for a bug report. PIN, keys, invitations and people's names are left out. Read it first."
const GATHERING = "Gathering facts…"
const FILE = "remote-mixer-report.txt"

export function doctorView(page) {
	const report = make("textarea.report", { readonly: true, "aria-label": "Report", rows: 18 })
	const copy = make("button.wide", { press: () => copied(report, copy), disabled: true }, "Copy")
	const save = make("a.wide", { download: FILE, hidden: true }, "Save as file")
	const again = make("button.wide", { press: () => ask() }, "Gather again")
	const ask = async () => {
		again.disabled = true
		report.value = GATHERING
		const { ok, data, text } = await page.api("GET", "doctor")
		report.value = ok ? data.text : text
		copy.disabled = save.hidden = !ok
		save.href = `data:text/plain;charset=utf-8,${encodeURIComponent(report.value)}`
		again.disabled = false
	}
	ask()
	return { title: "Report a bug", body: [make("p.quiet", {}, WORDS), report, copy, save, again] }
}

/** A page of plain http has no clipboard to write to; there the browser's older command copies what is selected. */
async function copied(report, key) {
	report.select()
	try {
		await navigator.clipboard.writeText(report.value)
		key.textContent = "Copied"
	} catch {
		key.textContent = document.execCommand("copy") ? "Copied" : "Selected: copy it by hand"
	}
}
