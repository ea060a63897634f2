# SPDX-License-Identifier: Apache-2.0
"""Plays an H.264 MP4 as a camera: rtsp://127.0.0.1:PORT/camera. Prints the port and serves.

    rtsp_server.py FILE

Exit code 77 when GStreamer's server or a part that it needs is missing.
"""

import sys

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer
except (ImportError, ValueError):
    sys.exit(77)

PIPELINE = '( filesrc location="{}" ! qtdemux ! rtph264pay name=pay0 pt=96 config-interval=-1 )'


def main():
    Gst.init(None)
    if not all(map(Gst.ElementFactory.find, ("qtdemux", "rtph264pay"))):
        sys.exit(77)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PIPELINE.format(sys.argv[1]))
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    server.get_mount_points().add_factory("/camera", factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
