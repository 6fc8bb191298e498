package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// listen opens the server's socket. That another program has the port is told with a way out.
func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, wrong("listen = %q: address already in use, perhaps by a server or a demo that runs already: "+
			"stop it, or choose another port, such as --listen=%s", address, anotherPort(address))
	case errors.Is(err, syscall.EACCES):
		return nil, wrong("listen = %q: ports below 1024 need a permission: choose a higher one, such as --listen=%s", address, anotherPort(address))
	}
	return nil, wrong("listen = %q: %w", address, err)
}

// anotherPort is an address to try instead of one that can't be had.
func anotherPort(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "8081" {
		return ":8082"
	}
	return net.JoinHostPort(host, "8081")
}

// localAddress is where this machine reaches the listener.
func localAddress(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return "http://" + addr.String()
	}
	host := "localhost"
	if !tcp.IP.IsUnspecified() && !tcp.IP.IsLoopback() {
		host = tcp.IP.String()
	}
	return webAddress(host, tcp.Port)
}

func webAddress(host string, port int) string {
	return "http://" + net.JoinHostPort(host, fmt.Sprint(port))
}

// networkAddresses are where other machines reach the listener: IPv4 first, which people can copy.
// There are none when it listens to this machine alone.
func networkAddresses(addr net.Addr) (list []string) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || tcp.IP.IsLoopback() {
		return nil
	}
	if !tcp.IP.IsUnspecified() {
		return []string{webAddress(tcp.IP.String(), tcp.Port)}
	}
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var six []string
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&(net.FlagLoopback|net.FlagPointToPoint) != 0 || ofContainers(i.Name) {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			network, ok := a.(*net.IPNet)
			switch {
			case !ok || !network.IP.IsGlobalUnicast():
			case network.IP.To4() != nil:
				list = append(list, webAddress(network.IP.String(), tcp.Port))
			default:
				six = append(six, webAddress(network.IP.String(), tcp.Port))
			}
		}
	}
	return append(list, six...)
}

// ofContainers reports whether a network interface leads to containers and machines within this
// one.
func ofContainers(name string) bool {
	for _, prefix := range []string{"docker", "br-", "veth", "virbr", "lxc", "cni"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// announce prints the address of every face, all at once, for whoever reads along. Monitors and
// totem are other machines: their addresses are those that the network knows.
func (p *program) announce(s *config.Settings, addr net.Addr, first firstStart, st *queue.State, now time.Time) {
	local, others := localAddress(addr), networkAddresses(addr)
	base := s.PublicURL
	if base == "" {
		base = append(others, local)[0]
	}
	var out strings.Builder
	fmt.Fprintf(&out, "Eliminacode %s\n\n", version)
	line := func(what, path string) { fmt.Fprintf(&out, "  %-27s %s%s\n", what, base, path) }
	line("Pagina pubblica", "/")
	line("Sportello", "/console")
	line("Simulatore", "/simulatore")
	line("Amministrazione", "/admin")
	line("Totem", "/totem")
	for _, d := range st.Config.Displays {
		line("Monitor "+d.Name.In("it"), "/display/"+string(d.ID))
	}
	if first.password != "" {
		fmt.Fprintf(&out, "\n  Primo accesso: utente «admin», password «%s».\n", first.password)
		fmt.Fprintf(&out, "  Non sarà più mostrata: annotarla e cambiarla in %s/admin\n", base)
		fmt.Fprintf(&out, "  Il totem e i monitor, aperti sui loro schermi, mostrano un codice: confermarlo in %s/admin\n", base)
		fmt.Fprintf(&out, "  First sign-in: user “admin”, password as above. It won't be shown again.\n")
	}
	out.WriteString("\n")
	if base != local {
		fmt.Fprintf(&out, "  Su questa macchina risponde anche %s/\n", local)
	}
	if s.PublicURL == "" {
		p.log().Warn("no public address is set (public-url): the QR codes of tickets lead to the address that the totem uses", "example", base+"/t/…")
		for _, o := range others[min(len(others), 1):] {
			fmt.Fprintf(&out, "  In rete risponde anche %s/\n", o)
		}
		fmt.Fprintf(&out, "  Il QR dei biglietti porterà all'indirizzo con cui si apre il totem, per esempio %s/t/…\n", base)
		fmt.Fprint(&out, "  Se i telefoni dei cittadini non lo raggiungono: --public-url=https://…, l'indirizzo pubblico.\n")
	}
	if open, opens := st.Config.Open(nil, now.In(st.Location())); !open && !opens.IsZero() {
		fmt.Fprintf(&out, "  Adesso la sede è chiusa e non dà biglietti: apre il %s. Per provare subito: %s demo\n",
			opens.Format("02/01/2006 alle 15:04"), os.Args[0])
		fmt.Fprintf(&out, "  The office is closed now and gives no tickets. To try it at once: %s demo\n", os.Args[0])
	}
	fmt.Fprintf(&out, "  Per provare un totem che stampa: %s printer & ELIMINACODE_SERVER=%s ELIMINACODE_PRINTER=%s %[1]s totem\n", os.Args[0], local, demoPrinter)
	if s.Dev {
		fmt.Fprint(&out, "  Modalità di sviluppo: non usare in produzione. Development mode: never in production.\n")
	}
	out.WriteString("\n")
	fmt.Fprint(p.stdout, out.String())
}
