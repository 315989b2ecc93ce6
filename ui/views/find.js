/** Which consoles answer on the network, and how each is mixed. */
import { make } from "../elements/element.js"

const WORDS = "Searches the network for Behringer and Midas consoles. To connect one, start the server with the command below it."

export function findView() {
	const rows = make("div.rows")
	const ask = make("button.wide", { press: () => look(rows, ask) }, "Search again")
	look(rows, ask)
	return { title: "Find consoles", body: [make("p.quiet", {}, WORDS), rows, ask] }
}

async function look(rows, ask) {
	ask.disabled = true
	rows.replaceChildren(make("p", { role: "status" }, "Searching…"))
	rows.replaceChildren(...answers(await found()))
	ask.disabled = false
}

/** Specs of the consoles found, as the command line takes them; null without a server. */
async function found() {
	try {
		return (await (await fetch("/api/v1/found")).json()).found
	} catch {
		return null
	}
}

function answers(consoles) {
	if (!consoles) return [make("p", {}, "No connection to the mixer. Search again when it is back.")]
	if (consoles.length === 0) return [make("p", {}, "No console found. Switch it on and connect it to the same network as the server.")]
	return consoles.map((spec) => make("p.found", {}, make("b", {}, spec), make("code", {}, `remote-mixer --console foh=${spec}`)))
}
