package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"agentsandbox/core/fetch"
)

// network is what the flags say of it.
type network struct {
	allow  []string
	policy string // file
	local  bool
	log    string // file
}

// flags defines the flags of the network.
func (n *network) flags(f *flag.FlagSet) {
	f.Func("allow-net", "`hosts` that may be reached by HTTP, comma-separated: example.com, *.example.com, host:port, * for any (default: no network)", n.addHosts)
	f.StringVar(&n.policy, "net-policy", "", "`file` with a fetch policy as JSON; a secret \"${NAME}\" in it is your environment's NAME")
	f.StringVar(&n.log, "net-log", "", "`file` to which a line of JSON is added for each request, allowed or denied")
	f.BoolVar(&n.local, "allow-local-net", false, "let allowed hosts be local ones, such as localhost:8080")
}

func (n *network) addHosts(s string) error {
	for host := range strings.SplitSeq(s, ",") {
		if host = strings.TrimSpace(host); host != "" {
			n.allow = append(n.allow, host)
		}
	}
	return (&fetch.Policy{AllowedDomains: n.allow}).Validate()
}

// fetchPolicy is the policy that the flags describe; nil keeps the network off.
func (n *network) fetchPolicy() (*fetch.Policy, error) {
	if n.policy == "" && n.allow == nil {
		switch {
		case n.local:
			return nil, errors.New("--allow-local-net allows no host by itself: add --allow-net HOST:PORT")
		case n.log != "":
			return nil, errors.New("--net-log has nothing to log: add --allow-net HOST or --net-policy FILE")
		}
		return nil, nil
	}
	p := &fetch.Policy{}
	if n.policy != "" {
		text, err := os.ReadFile(n.policy)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, p); err != nil {
			return nil, fmt.Errorf("%s: %w", n.policy, err)
		}
	}
	p.AllowedDomains = append(p.AllowedDomains, n.allow...)
	p.AllowPrivateIPs = p.AllowPrivateIPs || n.local
	p.Secret = os.LookupEnv
	if n.log != "" {
		log := &netLog{path: n.log}
		if err := log.add(nil); err != nil {
			return nil, err
		}
		p.Log = log.write
	}
	return p, nil
}
