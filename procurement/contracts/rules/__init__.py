"""The rules of contracts: what a contract may say, when it is signed, how it is settled. Pure."""
