// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The small runners of mezz-conformance, one a family of vectors. Each runs with the arguments
/// after its subcommand and returns the process exit status.

namespace mezz::conformance {

/// Roots of tries built from keys and values. spec: ethereum/tests, TrieTests.
int trie_tests(int argc, char** argv);
/// Encodings of values, and bytes that are none. spec: ethereum/tests, RLPTests.
int rlp_tests(int argc, char** argv);
/// Validity, sender, hash and intrinsic gas of signed transactions, fork by fork.
/// spec: ethereum/tests, TransactionTests.
int transaction_tests(int argc, char** argv);
/// Chains of blocks, valid and invalid, over all forks. spec: ethereum/tests, BlockchainTests;
/// execution-spec-tests, blockchain_tests.
int blockchain_tests(int argc, char** argv);
/// An exported chain over all forks. spec: execution-apis, tests.
int chain_tests(int argc, char** argv);
/// The RPC over an exported chain. spec: execution-apis, tests; hive, rpc-compat.
int rpc_compat_tests(int argc, char** argv);
/// callTracer and prestateTracer of one transaction. spec: go-ethereum, tracetest/testdata.
int tracer_tests(int argc, char** argv);
/// The difficulty of proof-of-work blocks. spec: ethereum/tests, BasicTests, DifficultyTests.
int difficulty_tests(int argc, char** argv);
/// Keys, addresses, signatures, compact paths, genesis hashes. spec: ethereum/tests, BasicTests.
int basic_tests(int argc, char** argv);

}  // namespace mezz::conformance
