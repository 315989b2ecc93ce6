/** The HTTP API as this page asks it. Nothing is thrown: a refusal comes back with words for a person. */
const ROOT = "/api/v1/"
const SILENT = "No answer from the mixer. Check this device's Wi-Fi."
const WORDLESS = "That did not work. Try again."

/** `fetch` as the browser's. Answers `{ok, status, data, text, wait}`: `wait` in seconds, before it makes sense to ask again. */
export function openApi(fetch) {
	return async (method, path, body) => {
		try {
			return await read(await fetch(ROOT + path, request(method, body)))
		} catch {
			return { ok: false, status: 0, data: null, text: SILENT, wait: 0 }
		}
	}
}

function request(method, body) {
	const asked = { method, credentials: "same-origin" }
	return body === undefined ? asked : { ...asked, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
}

async function read(answer) {
	const { ok, status, headers } = answer
	const type = headers.get("Content-Type") ?? ""
	const data = type.startsWith("application/json") ? await answer.json() : await answer.text()
	return { ok, status, data, text: ok ? "" : (data?.text ?? WORDLESS), wait: Number(headers.get("Retry-After")) || 0 }
}
