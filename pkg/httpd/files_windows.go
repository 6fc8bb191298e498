package httpd

// openFiles is more than the connections that this server would have anyway: Windows has no such
// limit.
func openFiles() int { return 1 << 16 }
