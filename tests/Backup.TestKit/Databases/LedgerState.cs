namespace Backup.TestKit.Databases;

/// <summary>What a ledger holds in one snapshot.</summary>
/// <param name="Accounts">Number of accounts.</param>
/// <param name="Transfers">Number of transfers between them.</param>
/// <param name="MissingMoney">Opening balances minus present ones, over all accounts: zero, whatever was transferred.</param>
/// <param name="WrongAccounts">Accounts whose balance is not what their transfers make of the opening balance: none.</param>
public sealed record LedgerState(long Accounts, long Transfers, decimal MissingMoney, long WrongAccounts)
{
    /// <summary>Whether this is a state that existed between two transactions, not a mixture of several.</summary>
    public bool IsConsistent => MissingMoney == 0 && WrongAccounts == 0;
}
