package web

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

var (
	// sheetRun is style sheets that follow one another in a page's head.
	sheetRun = regexp.MustCompile(`(?:<link rel="stylesheet" href="/assets/[^"]+"(?: /)?>\s*)+`)
	sheet    = regexp.MustCompile(`href="/assets/([^"]+)"`)
	module   = regexp.MustCompile(`(<script type="module" src="/assets/)([^"]+")`)
	// otherSum stands before the names that pages of another version ask for.
	otherSum = regexp.MustCompile(`^[0-9a-f]{16}/`)
)

// Page has a page load one bundle in the place of each module and of each run of style sheets in
// its head. Their addresses hold [Assets.Sum], so that browsers may keep them for ever.
func (a *Assets) Page(html []byte) []byte {
	head, body, _ := bytes.Cut(html, []byte("</head>"))
	if len(head) == len(html) {
		return html
	}
	head = sheetRun.ReplaceAllFunc(head, func(run []byte) []byte {
		all := sheet.FindAllSubmatch(run, -1)
		names := make([]string, len(all))
		for i, s := range all {
			names[i] = string(s[1])
		}
		space := run[bytes.LastIndexByte(run, '>')+1:]
		return fmt.Appendf(nil, `<link rel="stylesheet" href="/assets/%s/%s">%s`, a.sum, strings.Join(names, "+"), space)
	})
	head = module.ReplaceAll(head, []byte("${1}"+a.sum+"/${2}"))
	return bytes.Join([][]byte{head, body}, []byte("</head>"))
}

// learn adds the runs of style sheets that [Assets.Page] has put into a page.
func (a *Assets) learn(page []byte) {
	for _, link := range sheet.FindAllSubmatch(page, -1) {
		if _, names, ok := strings.Cut(string(link[1]), "/"); ok {
			a.add(names)
		}
	}
}

// add has a module or style sheets, joined by "+", be a bundle.
func (a *Assets) add(names string) {
	a.bundles[names] = sync.OnceValue(func() *file {
		body, err := a.bundle(names)
		if err != nil {
			a.log.Error("a page's bundle can't be made", "err", err)
			return nil
		}
		return newFile("bundle"+path.Ext(names), body)
	})
}

// bundle joins files with all that they import. Scripts become ES2020, style sheets what the oldest
// browsers know that can run these.
func (a *Assets) bundle(names string) ([]byte, error) {
	o := api.BuildOptions{
		Bundle: true, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		Plugins: []api.Plugin{{Name: "assets", Setup: a.plug}},
	}
	var entry strings.Builder
	if path.Ext(names) == ".css" {
		o.Engines = []api.Engine{{Name: api.EngineChrome, Version: "80"}, {Name: api.EngineFirefox, Version: "74"}, {Name: api.EngineSafari, Version: "13.1"}}
		for name := range strings.SplitSeq(names, "+") {
			fmt.Fprintf(&entry, "@import %q;\n", name)
		}
		o.Stdin = &api.StdinOptions{Contents: entry.String(), Loader: api.LoaderCSS}
	} else {
		o.Target, o.Format = api.ES2020, api.FormatESModule
		for name := range strings.SplitSeq(names, "+") {
			fmt.Fprintf(&entry, "export * from %q;\n", name)
		}
		o.Stdin = &api.StdinOptions{Contents: entry.String(), Loader: api.LoaderJS}
	}
	made := api.Build(o)
	if len(made.Errors) > 0 {
		return nil, fmt.Errorf("bundle %s: %s", names, made.Errors[0].Text)
	}
	if len(made.OutputFiles) != 1 {
		return nil, fmt.Errorf("bundle %s: %d files", names, len(made.OutputFiles))
	}
	return made.OutputFiles[0].Contents, nil
}

// plug has the bundler find files among the assets, and nowhere else.
func (a *Assets) plug(b api.PluginBuild) {
	const own = "assets"
	b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(r api.OnResolveArgs) (api.OnResolveResult, error) {
		name := r.Path
		if r.Namespace == own && strings.HasPrefix(name, "data:") {
			return api.OnResolveResult{Path: name, External: true}, nil
		}
		if r.Namespace == own {
			name = path.Join(path.Dir(r.Importer), name)
		}
		// What is imported when it is needed is a bundle of its own.
		if r.Kind == api.ResolveCSSURLToken || r.Kind == api.ResolveJSDynamicImport {
			return api.OnResolveResult{Path: "/assets/" + a.sum + "/" + name, External: true}, nil
		}
		return api.OnResolveResult{Path: name, Namespace: own}, nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: own}, func(r api.OnLoadArgs) (api.OnLoadResult, error) {
		f := a.files[r.Path]
		if f == nil {
			return api.OnLoadResult{}, errors.New("there is no such file")
		}
		loader, text := api.LoaderJS, string(f.body.plain)
		if path.Ext(r.Path) == ".css" {
			loader = api.LoaderCSS
		}
		return api.OnLoadResult{Contents: &text, Loader: loader}, nil
	})
}
