"""The demo: a devnet, the service and its creators on one machine, and the main job before one's eyes.

`world` starts and stops the processes, `sign_up` brings creators in over HTTP, `board` reads where every
video is and draws it, `verify` fetches what was published back and compares it with the chain. The service
itself knows nothing of all this but its configuration.
"""
