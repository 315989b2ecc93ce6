/** Which consoles answer on the network, and how each is mixed. */
import { make } from "../elements/element.js"

const WORDS = "Asks the network for Behringer and Midas consoles. To mix one, start the program with the line below it."

export function findView() {
	const rows = make("div.rows")
	const ask = make("button.wide", { press: () => look(rows, ask) }, "Look again")
	look(rows, ask)
	return { title: "Find consoles", body: [make("p.quiet", {}, WORDS), rows, ask] }
}

async function look(rows, ask) {
	ask.disabled = true
	rows.replaceChildren(make("p", { role: "status" }, "Asking…"))
	rows.replaceChildren(...answers(await found()))
	ask.disabled = false
}

/** What answers, as the command line takes it; null when the server cannot be asked. */
async function found() {
	try {
		return (await (await fetch("/api/v1/found")).json()).found
	} catch {
		return null
	}
}

function answers(consoles) {
	if (!consoles) return [make("p", {}, "The mixer cannot be asked now. Look again when the link is back.")]
	if (consoles.length === 0) return [make("p", {}, "No console answers. Switch it on, and bring it and the mixer's computer into the same network.")]
	return consoles.map((spec) => make("p.found", {}, make("b", {}, spec), make("code", {}, `remote-mixer --console foh=${spec}`)))
}
