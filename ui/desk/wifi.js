/** Wi-Fi login as text of a QR code: `WIFI:T:WPA;S:name;P:password;;`, special characters escaped. */
export function wifiText(name, password) {
	const kind = password ? `T:WPA;S:${escaped(name)};P:${escaped(password)}` : `T:nopass;S:${escaped(name)}`
	return `WIFI:${kind};;`
}

function escaped(words) {
	return words.replace(/[\\;,:"]/g, "\\$&")
}
