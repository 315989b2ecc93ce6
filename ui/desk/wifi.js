/** What a phone's camera understands as a Wi-Fi: `WIFI:T:WPA;S:name;P:password;;`, its own signs escaped. */
export function wifiText(name, password) {
	const kind = password ? `T:WPA;S:${escaped(name)};P:${escaped(password)}` : `T:nopass;S:${escaped(name)}`
	return `WIFI:${kind};;`
}

function escaped(words) {
	return words.replace(/[\\;,:"]/g, "\\$&")
}
