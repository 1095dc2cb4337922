// Verifies a checkpoint and proofs of a Waybill ledger with Go's own code for transparency logs, which knows nothing of
// Waybill. Reads JSON on standard input; says "verified" and ends with 0, or says what does not hold and ends with 1.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	Key         string // of our ledger, as note.NewVerifier reads it
	Note        string
	Unverified  int // signature lines by keys that Go does not know, such as countersignatures
	Records     []record
	Consistency []consistency
}

type record struct {
	Index int64
	Leaf  []byte
	Proof [][]byte
}

type consistency struct {
	Size  int64
	Root  []byte
	Proof [][]byte
}

func main() {
	var in input
	check(json.NewDecoder(os.Stdin).Decode(&in))
	verifier, err := note.NewVerifier(in.Key)
	check(err)
	opened, err := note.Open([]byte(in.Note), note.VerifierList(verifier))
	check(err)
	if len(opened.Sigs) != 1 || len(opened.UnverifiedSigs) != in.Unverified {
		check(fmt.Errorf("%d signatures and %d unverified", len(opened.Sigs), len(opened.UnverifiedSigs)))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		check(fmt.Errorf("the checkpoint has another shape: %q", opened.Text))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	for _, r := range in.Records {
		check(tlog.CheckRecord(hashes(r.Proof), size, root, r.Index, tlog.RecordHash(r.Leaf)))
	}
	for _, c := range in.Consistency {
		check(tlog.CheckTree(hashes(c.Proof), size, root, c.Size, hashes([][]byte{c.Root})[0]))
	}
	fmt.Println("verified", len(in.Records), len(in.Consistency))
}

func hashes(raw [][]byte) []tlog.Hash {
	list := make([]tlog.Hash, len(raw))
	for i, bytes := range raw {
		if len(bytes) != tlog.HashSize {
			check(fmt.Errorf("a hash has %d bytes", len(bytes)))
		}
		copy(list[i][:], bytes)
	}
	return list
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
